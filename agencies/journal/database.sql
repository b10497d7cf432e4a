-- The record's own functions and triggers (docs/decisions/0014-the-record.md). Run by the migration that made the chain
-- and after every migrate when this file has changed (guards.py). Not pgtrigger's: those step aside for anyone who sets
-- the session variable pgtrigger.ignore; these ask nobody.

-- A table nothing may be changed in, removed from or emptied of; not even by its owner.
CREATE OR REPLACE FUNCTION portal_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'portal: % is insert only: % refused', TG_TABLE_NAME, TG_OP
        USING HINT = 'What happened is corrected by a new line that says so.';
END $$;

-- pghistory writes who and why once a verb and completes it while the verb runs: a nested verb adds its own words.
-- Only the transaction that began it may; its start is the row's created_at, and no later transaction has that instant.
CREATE OR REPLACE FUNCTION portal_context_while_it_lasts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.created_at = now() AND NEW.id = OLD.id AND NEW.created_at = OLD.created_at THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'portal: % is insert only: % refused', TG_TABLE_NAME, TG_OP;
END $$;

-- The whole content of a line, as the hash covers it and as the signed file carries it. A new column means a new form.
CREATE OR REPLACE FUNCTION portal_record_text(r agencies_recordentry, form integer) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'form', form,
        'id', r.id,
        'at', to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'written_at', to_char(r.written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'kind', r.kind, 'verb', r.verb, 'summary', r.summary, 'reason', r.reason,
        'actor', r.actor_id, 'actor_name', r.actor_name, 'address', host(r.address),
        'council', r.council_id, 'agency', r.agency_id, 'object_type', r.object_type, 'object_id', r.object_id,
        'from_state', r.from_state, 'to_state', r.to_state, 'context', r.context, 'changes', r.changes
    )::text
$$;

CREATE OR REPLACE FUNCTION portal_record_digest(
    before bytea, chain integer, number bigint, month text, form integer, line text
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(
        encode(before, 'hex') || E'\n' || chain || '/' || number || '/' || month || '/' || form || E'\n' || line, 'UTF8'
    ))
$$;

-- A value in "before and after": long texts as their hash, so that a line stays a line and still proves what they were.
CREATE OR REPLACE FUNCTION portal_record_value(given jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN given IS NULL THEN 'null' WHEN length(given::text) <= 2000 THEN given ELSE jsonb_build_object(
        'sha256', encode(sha256(convert_to(given::text, 'UTF8')), 'hex'), 'length', length(given::text)) END
$$;

-- Before a line is kept: the database's clock, and what the verb changed in its object (by pghistory's versions).
CREATE OR REPLACE FUNCTION portal_record_fill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    versions text := replace(NEW.object_type, '.', '_') || 'event';
    newest bigint; former bigint; now_row jsonb; now_label text; before_row jsonb;
BEGIN
    NEW.written_at := clock_timestamp();
    NEW.context := NULLIF(current_setting('pghistory.context_id', true), '')::uuid;
    NEW.changes := NULL;
    IF NEW.context IS NULL OR NEW.object_id IS NULL OR NEW.kind <> 'deed' OR to_regclass(versions) IS NULL THEN
        RETURN NEW;
    END IF;
    -- Which versions first, what is in them afterwards: an object may have hundreds. "+ 0" keeps the planner on the
    -- object's own versions instead of walking the whole table backwards.
    EXECUTE format('SELECT max(pgh_id + 0), max(pgh_id + 0) FILTER (WHERE pgh_context_id IS DISTINCT FROM $2)
                    FROM %I WHERE pgh_obj_id = $1', versions)
        INTO newest, former USING NEW.object_id, NEW.context;
    IF newest IS NOT DISTINCT FROM former THEN
        RETURN NEW;  -- this verb did not change the object itself
    END IF;
    EXECUTE format('SELECT to_jsonb(a), a.pgh_label, (SELECT to_jsonb(b) FROM %1$I b WHERE b.pgh_id = $2)
                    FROM %1$I a WHERE a.pgh_id = $1', versions)
        INTO now_row, now_label, before_row USING newest, former;
    before_row := coalesce(before_row, '{}');
    IF now_label = 'delete' THEN
        before_row := now_row;
        now_row := '{}';
    END IF;
    SELECT jsonb_object_agg(key, jsonb_build_array(
               portal_record_value(before_row -> key), portal_record_value(now_row -> key)))
      INTO NEW.changes
      FROM (SELECT jsonb_object_keys(before_row || now_row) AS key) AS keys
     WHERE key NOT LIKE 'pgh\_%' AND key NOT IN ('id', 'folded', 'wall_council_id')
       AND coalesce(before_row -> key, 'null') <> coalesce(now_row -> key, 'null');
    RETURN NEW;
END $$;

-- At commit, twice deferred: first a note that the line waits, then, after every other check of the commit has been
-- made, its place in the chain. So the chain's lock is the last thing a transaction takes: it is held while the commit
-- is written and never while somebody waits for a row.
CREATE UNLOGGED TABLE IF NOT EXISTS agencies_recordwaiting (entry_id bigint PRIMARY KEY, chain integer NOT NULL);

CREATE OR REPLACE FUNCTION portal_record_wait() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO agencies_recordwaiting (entry_id, chain) VALUES (NEW.id, coalesce(NEW.council_id, 0));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION portal_record_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    this_chain integer; waiting record; last agencies_recordlink%ROWTYPE; place bigint; this_month text;
BEGIN
    -- The first of a transaction's lines, which has the smallest number, does all of them; only its own transaction
    -- sees the notes. By the index alone: the table is full of notes that were taken away.
    IF NOT EXISTS (SELECT FROM agencies_recordwaiting WHERE entry_id = NEW.entry_id) THEN
        RETURN NULL;
    END IF;
    -- Chains in one order, so that two transactions with lines in the same two councils cannot wait for each other.
    FOR this_chain IN
        SELECT DISTINCT chain FROM agencies_recordwaiting WHERE entry_id >= NEW.entry_id ORDER BY chain
    LOOP
        PERFORM pg_advisory_xact_lock(1414, this_chain);
        SELECT * INTO last FROM agencies_recordlink l WHERE l.chain = this_chain ORDER BY l.number DESC LIMIT 1;
        last.number := coalesce(last.number, 0);
        last.digest := coalesce(last.digest, decode(repeat('00', 32), 'hex'));
        this_month := greatest(
            last.month, to_char(clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM'));
        FOR waiting IN
            SELECT r AS entry FROM agencies_recordwaiting w JOIN agencies_recordentry r ON r.id = w.entry_id
             WHERE w.chain = this_chain AND w.entry_id >= NEW.entry_id ORDER BY w.entry_id
        LOOP
            last.before := last.digest;
            last.number := last.number + 1;
            last.digest := portal_record_digest(
                last.before, this_chain, last.number, this_month, 1, portal_record_text(waiting.entry, 1));
            INSERT INTO agencies_recordlink (entry_id, chain, number, month, form, before, digest)
            VALUES ((waiting.entry).id, this_chain, last.number, this_month, 1, last.before, last.digest);
        END LOOP;
    END LOOP;
    DELETE FROM agencies_recordwaiting WHERE entry_id >= NEW.entry_id;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS portal_record_fill ON agencies_recordentry;
CREATE TRIGGER portal_record_fill BEFORE INSERT ON agencies_recordentry
    FOR EACH ROW EXECUTE FUNCTION portal_record_fill();
DROP TRIGGER IF EXISTS portal_record_wait ON agencies_recordentry;
CREATE CONSTRAINT TRIGGER portal_record_wait AFTER INSERT ON agencies_recordentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portal_record_wait();
DROP TRIGGER IF EXISTS portal_record_link ON agencies_recordwaiting;
CREATE CONSTRAINT TRIGGER portal_record_link AFTER INSERT ON agencies_recordwaiting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portal_record_link();

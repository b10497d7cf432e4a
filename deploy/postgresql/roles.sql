-- Vai trò trên máy chủ PostgreSQL. Chạy một lần bằng quản trị PostgreSQL (chạy lại không đổi gì):
--
--   createdb --encoding=UTF8 --template=template0 portal
--   psql --dbname=portal --file=deploy/postgresql/roles.sql
--   psql --dbname=portal   rồi:  \password portal_owner   \password portal_app   \password portal_backup
--
-- portal_owner   chủ của bảng: chỉ migrate và restore dùng (/etc/portal/owner.env)
-- portal_app     cổng và tiến trình nền: đọc, ghi dòng; không tạo, sửa, dọn bảng; không tắt trigger; sau bức tường hội đồng
-- portal_backup  sao lưu và đối soát: đọc mọi dòng của mọi hội đồng, không ghi
-- portal_read    báo cáo thống kê bằng công cụ ngoài: chỉ đọc các bảng nghiệp vụ sau bức tường hội đồng (không khai hội đồng thì
--                không thấy dòng nào) và danh mục chung; không đọc tài khoản, phiên, thông báo riêng, nhật ký, hàng đợi

SET client_min_messages = warning;

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['portal_owner', 'portal_app', 'portal_backup', 'portal_read'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
    END LOOP;
END $$;

ALTER ROLE portal_owner  LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE portal_app    LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
ALTER ROLE portal_read   LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
ALTER ROLE portal_backup LOGIN   NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS;
GRANT pg_read_all_data TO portal_backup;
ALTER ROLE portal_backup SET default_transaction_read_only = on;
ALTER ROLE portal_read   SET default_transaction_read_only = on;
ALTER ROLE portal_read   SET statement_timeout = '60s';
ALTER ROLE portal_app    SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE portal_app    SET lock_timeout = '30s';

-- Sau bức tường, PostgreSQL chỉ dùng chỉ mục với phép so sánh được biết là không để lộ dòng khác. Phép tìm chữ (@@) không báo lỗi
-- theo nội dung dòng nên khai được như vậy; không khai thì tìm kiếm vẫn đúng, nhưng đọc hết dòng của hội đồng.
ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;

-- Lệnh của chủ cũng đứng sau bức tường bằng cách nhận vai trò này; nhận vào, không thừa hưởng ra.
GRANT portal_app TO portal_owner;

DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO portal_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portal_app, portal_backup, portal_read', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app, portal_read;

-- Bảng đã có và bảng mà migrate sẽ tạo. portal_read không tự đọc được bảng mới: chạy lại tệp này sau khi migrate.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES    IN SCHEMA public TO portal_app;
GRANT USAGE, SELECT                 ON ALL SEQUENCES IN SCHEMA public TO portal_app;
REVOKE ALL                          ON ALL TABLES    IN SCHEMA public FROM portal_read;
DO $$
DECLARE
    business text;
BEGIN
    FOR business IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND (
            c.relname IN ('campaigns_indicator', 'reports_holiday')
            OR c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname LIKE 'council_wall%')
        )
        -- Có dòng không của hội đồng nào mà của riêng một người, hoặc của cả hệ thống.
        AND c.relname !~ '^(agencies_(notice|savedview|record)|pghistory_)'
    LOOP
        EXECUTE format('GRANT SELECT ON %I TO portal_read', business);
    END LOOP;
END $$;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO portal_app;

-- Điều không ai ngoài cổng được đọc: mật khẩu đã băm, yếu tố thứ hai, phiên đăng nhập; danh sách migrate không phải của cổng;
-- chuỗi nhật ký chỉ hàm của cơ sở dữ liệu ghi.
DO $$
DECLARE
    secret text;
    chain text;
BEGIN
    FOREACH secret IN ARRAY ARRAY['agencies_user', 'agencies_userevent', 'mfa_authenticator', 'agencies_session'] LOOP
        IF to_regclass('public.' || secret) IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I FROM portal_read', secret);
        END IF;
    END LOOP;
    IF to_regclass('public.django_migrations') IS NOT NULL THEN
        REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM portal_app;
    END IF;
    FOREACH chain IN ARRAY ARRAY['agencies_recordlink', 'agencies_recordwaiting'] LOOP
        IF to_regclass('public.' || chain) IS NOT NULL THEN
            EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I FROM portal_app', chain);
        END IF;
    END LOOP;
END $$;

"""The outcome in words: a line while it runs, tables for docs/bench/."""


def line(outcome: dict) -> str:
    """One measure on one line."""
    ours = next(iter(outcome["sides"].values()))
    ratios = "  ".join(f"÷{name} {ratio['cpu']:.2f}" for name, ratio in outcome["ratios"].items())
    goals = "  ".join(
        f"[{one['goal']} {'met' if one['met'] else 'NOT MET ' + str(one['value'])}]" for one in outcome["goals"]
    )
    queries = f" {ours['queries']} queries" if "queries" in ours else ""
    return f"{outcome['group']:10} {outcome['name']:45} {ours['cpu_ms']:9.1f} cpu {ours['wall_ms']:9.1f} wall {ours['p95_ms']:9.1f} p95{queries}  {ratios}  {goals}"

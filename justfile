# The commands of everyday work. Everything here can also be typed; nothing is hidden in it.

# List the recipes.
default:
    @just --list --unsorted

# Make a made-up company in hedui-demo/ and run its weekly job twice, a week apart.
demo *arguments:
    cargo run -- demo {{ arguments }}

# What must hold before a commit: formatted, without lints, and all tests pass.
check: lint test
    cargo fmt --check

# Lints, as errors.
lint:
    cargo clippy --all-targets -- -D warnings

# Format the code.
fmt:
    cargo fmt

# All tests; installs what they need.
test *arguments:
    tests/run {{ arguments }}

# Measure load, check, diff and render beside the same checks written by hand in polars.
bench customers="200000":
    cargo bench --profile dev --bench weekly -- --customers {{ customers }}

# Licences, sources and banned crates of the dependency tree (needs cargo-deny), known vulnerabilities among them.
deny:
    cargo deny check

# A Debian package in target/debian (needs cargo-deb); `just deb dev` packs the program of daily work, for a trial.
deb profile="release":
    cargo build --locked --profile {{ profile }}
    packaging/stage.sh target/{{ if profile == "dev" { "debug" } else { profile } }}/hedui target/package
    cargo deb --locked --no-build --profile {{ profile }}

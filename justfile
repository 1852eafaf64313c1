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
    cargo bench --profile dev --bench weekly -- --customers {{ customers }} --weekly

# One company in CSV files, PostgreSQL, MariaDB and Spark: whether all find the same (fetches Spark, 400 MB; needs java 17).
engines customers="100000":
    cargo build
    python3 benches/engines/compare.py --customers {{ customers }}

# The pages of docs/reference and the schema of rule files, made of the program itself.
reference:
    cargo run --quiet -- reference
    cargo run --quiet -- lint --schema > rules/rule-file.schema.json

# The pictures of docs/gallery, made of the demo; look at every one before you commit them.
gallery:
    cargo build
    python3 docs/gallery/make.py target/debug/hedui

# The program checked with each part left out and with all, warnings as errors.
features:
    for features in "" databases pushdown databases,pushdown; do \
        echo "features: ${features:-none}"; \
        said=$(cargo check --locked --no-default-features --features "$features" 2>&1) || { echo "$said"; exit 1; }; \
        case "$said" in *warning:*) echo "$said"; exit 1;; esac; \
    done

# Dependencies that nothing uses (needs cargo-machete).
unused:
    cargo machete

# The licences of everything that is built into the program, as its package has them.
licences:
    python3 packaging/licences.py > target/licences.txt

# Licences, sources and banned crates of the dependency tree (needs cargo-deny), known vulnerabilities among them.
deny:
    cargo deny check

# A Debian package in target/debian (needs cargo-deb); `just deb dev` packs the program of daily work, for a trial.
deb profile="release":
    cargo build --locked --profile {{ profile }}
    packaging/stage.sh target/{{ if profile == "dev" { "debug" } else { profile } }}/hedui target/package
    cargo deb --locked --no-build --profile {{ profile }}

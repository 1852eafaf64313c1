#!/usr/bin/env bash
# The compiler for fuzzing: hedui and the crates that read formats are built so that the fuzzer sees where an input
# leads; polars and all else as ever, for it would drown the rest and take hours to build.
# cargo-fuzz has flags of its own for all crates: where they are there, nothing is added. Nor is it to build scripts.
compiler=$1
shift
case " $* " in *sancov-module* | *build_script_build*) exec "$compiler" "$@" ;; esac
# Another version of quick-xml belongs to polars.
case "$CARGO_PKG_NAME $CARGO_PKG_VERSION" in
"hedui "* | "calamine "* | "quick-xml 0.42"* | "scraper "* | "html5ever "*)
    exec "$compiler" "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=on -Coverflow-checks=on
    ;;
esac
exec "$compiler" "$@"

//! Tells cargo which folders are built into the program, so that an edited rule, template, calendar or migration is
//! built in anew.

fn main() {
    for folder in ["rules", "report_templates", "calendar", "src/history/migrations"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}

//! What a loaded schema offers as a whole.

use super::*;

#[test]
fn clones_are_equal_and_debug_is_short() {
    let schema = Schema::load("name, age int", Some("user")).unwrap();
    assert_eq!(schema, schema.clone());
    assert_eq!(schema, Schema::load("name, age int", Some("user")).unwrap());
    assert_ne!(schema, Schema::load("name, age int", Some("person")).unwrap());
    assert_eq!(
        format!("{schema:?}"),
        "Schema { name: \"user\", form: Shorthand, draft: Draft202012, .. }"
    );
    assert_eq!(schema.text(), "name, age int");
}

#[test]
fn schemas_travel_between_threads() {
    fn check<T: Send + Sync + 'static>(_: &T) {}
    check(&Schema::load("name", None).unwrap());
}

//! The list of our files, whole and damaged.

use super::disk::Disk;
use super::*;

const WHOLE: &str = "{\"version\":1,\"files\":[
{\"path\":\"a.xml\",\"length\":1,\"sha256\":\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"},
{\"path\":\"news/科 \\\"b\\\".xml\",\"length\":1,\"sha256\":\"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d\"}
]}
";

fn known(bytes: &[u8]) -> Vec<String> {
    match Manifest::parse(bytes) {
        Parsed::Whole(manifest) | Parsed::Damaged(manifest, _) => {
            manifest.files.keys().map(|path| path.as_str().to_owned()).collect()
        }
        Parsed::Foreign(reason) => panic!("{reason}"),
    }
}

#[test]
fn one_file_a_line_sorted_without_times() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    publisher.publish(&path("news/科 \"b\".xml"), b"b").unwrap();
    publisher.publish(&path("a.xml"), b"a").unwrap();
    publisher.finish().unwrap();
    assert_eq!(String::from_utf8(disk.get(".syndicated.json").unwrap()).unwrap(), WHOLE);
    let Parsed::Whole(manifest) = Manifest::parse(WHOLE.as_bytes()) else { panic!("not whole") };
    assert_eq!(manifest.to_json(), WHOLE);
}

#[test]
fn a_merge_conflict_keeps_both_sides() {
    let line = |name: &str| format!("{{\"path\":\"{name}\",\"length\":1,\"sha256\":\"{}\"}},\n", "0".repeat(64));
    let text = format!(
        "{{\"version\":1,\"files\":[\n{}<<<<<<< HEAD\n{}=======\n{}>>>>>>> x\n{}]}}\n",
        line("a"),
        line("b"),
        line("c"),
        line("d")
    );
    assert_eq!(known(text.as_bytes()), ["a", "b", "c", "d"]);
}

#[test]
fn a_cut_manifest_keeps_its_beginning() {
    for end in 0..WHOLE.len() {
        let known = known(&WHOLE.as_bytes()[..end]);
        assert_eq!(known.is_empty(), end < WHOLE.find(",\n").unwrap(), "{end}");
    }
    assert_eq!(known(&[0; 100]), Vec::<String>::new());
}

#[test]
fn what_is_no_manifest_or_newer_is_an_error() {
    for text in ["{}", "[]", "hello", "{\"version\":2,\"files\":[]}", "{\"files\":[]}"] {
        let disk = Disk::default();
        disk.put(".syndicated.json", text.as_bytes());
        let error = Publisher::open(disk.clone(), HashMap::new()).unwrap_err();
        assert!(error.to_string().starts_with(".syndicated.json does not list published files"), "{error}");
        assert_eq!(disk.get(".syndicated.json").unwrap(), text.as_bytes());
    }
}

#[test]
fn paths_that_would_leave_the_output_do_not_count() {
    let text = WHOLE.replace("a.xml", "../a.xml");
    assert_eq!(known(text.as_bytes()), ["news/科 \"b\".xml"]);
}

#[test]
fn hints_stand_in_for_a_damaged_manifest() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    publisher.publish(&path("a.xml"), b"old").unwrap();
    publisher.finish().unwrap();
    disk.put(".syndicated.json", b"");

    let next = Publisher::open(disk.clone(), hints(&publisher)).unwrap();
    assert!(next.note().unwrap().contains(".syndicated.json is damaged (it is empty); 1 of its files"));
    assert_eq!(next.publish(&path("a.xml"), b"new").unwrap(), Outcome::Written);
    next.finish().unwrap();
    assert_eq!(known(&disk.get(".syndicated.json").unwrap()), ["a.xml"]);
}

#[test]
fn a_removed_manifest_forgets_all_but_what_hints_prove() {
    let disk = Disk::default();
    let publisher = open(disk.clone());
    for name in ["a.xml", "b.xml"] {
        publisher.publish(&path(name), b"old").unwrap();
    }
    publisher.finish().unwrap();
    disk.inner().files.remove(".syndicated.json");
    disk.put("b.xml", b"theirs");

    let next = Publisher::open(disk.clone(), hints(&publisher)).unwrap();
    assert_eq!(next.publish(&path("a.xml"), b"new").unwrap(), Outcome::Written);
    assert!(matches!(next.publish(&path("b.xml"), b"new"), Err(PublishError::Foreign { .. })));
}

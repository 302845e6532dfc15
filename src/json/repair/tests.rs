use super::*;
#[test]
fn gen_table() {
    let text = std::fs::read_to_string("/tmp/inputs.jsonl").unwrap();
    for line in text.lines() {
        let input: String = serde_json::from_str(line).unwrap();
        let c = read(&input, Limits::default());
        let v = c.first().map_or("-".to_owned(), |c| c.value().to_string());
        let r = c.first().map_or(String::new(), |c| c.repairs.iter().map(|r| format!("{}@{}{}", serde_json::to_value(r.kind).unwrap().as_str().unwrap(), r.offset, if r.risk==Risk::Guess {"!"} else {""})).collect::<Vec<_>>().join(" "));
        println!("ROW {}", serde_json::to_string(&(input, v, r)).unwrap());
    }
}

//! A row as a line of JSON: whole numbers, true and false, null, text; uuids as text, bytes in base64. The kind of
//! each value stands in the manifest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use db::schema::{Cell, Kind};
use serde_json::Value;

/// One line, without its end.
pub fn line(row: &[Cell]) -> String {
    let values: Vec<Value> = row
        .iter()
        .map(|cell| match cell {
            Cell::Null => Value::Null,
            Cell::Int(v) => (*v).into(),
            Cell::Text(v) => v.as_str().into(),
            Cell::Bytes(v) => BASE64.encode(v).into(),
            Cell::Bool(v) => (*v).into(),
            Cell::Uuid(v) => v.to_string().into(),
        })
        .collect();
    Value::Array(values).to_string()
}

/// Reads a line whose values are of these kinds.
///
/// # Errors
/// A sentence that names the value's place.
pub fn row(line: &str, kinds: &[Kind]) -> Result<Vec<Cell>, String> {
    let values: Vec<Value> = serde_json::from_str(line).map_err(|e| e.to_string())?;
    if values.len() != kinds.len() {
        return Err(format!("{} values where {} belong", values.len(), kinds.len()));
    }
    values
        .into_iter()
        .zip(kinds)
        .enumerate()
        .map(|(i, (value, kind))| {
            cell(value, *kind).ok_or_else(|| format!("value {} is no {}", i + 1, kind.name()))
        })
        .collect()
}

fn cell(value: Value, kind: Kind) -> Option<Cell> {
    Some(match (value, kind) {
        (Value::Null, _) => Cell::Null,
        (Value::Number(n), Kind::Int) => Cell::Int(n.as_i64()?),
        (Value::Bool(b), Kind::Bool) => Cell::Bool(b),
        (Value::String(s), Kind::Text) => Cell::Text(s),
        (Value::String(s), Kind::Bytes) => Cell::Bytes(BASE64.decode(s).ok()?),
        (Value::String(s), Kind::Uuid) => Cell::Uuid(s.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_as_it_went() {
        let cells = [
            Cell::Int(i64::MIN),
            Cell::Text("ö\n\"\u{2028}".to_owned()),
            Cell::Bytes(vec![0, 255, 10]),
            Cell::Bool(false),
            Cell::Uuid(uuid::Uuid::from_u128(7)),
            Cell::Null,
        ];
        let kinds = [Kind::Int, Kind::Text, Kind::Bytes, Kind::Bool, Kind::Uuid, Kind::Text];
        assert!(!line(&cells).contains('\n'));
        assert_eq!(row(&line(&cells), &kinds).unwrap(), cells);
    }

    #[test]
    fn a_wrong_value_is_named() {
        assert_eq!(row("[1.5]", &[Kind::Int]).unwrap_err(), "value 1 is no int");
        assert_eq!(row("[1]", &[Kind::Int, Kind::Int]).unwrap_err(), "1 values where 2 belong");
        assert!(row("[1", &[Kind::Int]).is_err());
    }
}

// As bench/cron.c, with the crate `cron`, whose expressions have seconds and
// weekdays from 1.
use chrono::{TimeZone, Utc};
use std::str::FromStr;
use std::time::Instant;

fn main() {
    let text = std::env::args().nth(1).expect("an expression");
    let mut fields: Vec<String> = text.split(' ').map(str::to_string).collect();
    fields[4] = fields[4].replace("1-5", "2-6");
    let schedule = cron::Schedule::from_str(&format!("0 {}", fields.join(" "))).unwrap();
    let first = Utc.timestamp_opt(1767225600, 0).unwrap();
    let last = Utc.timestamp_opt(3786912000, 0).unwrap();
    let (mut t, mut best) = (first, f64::MAX);
    for _ in 0..11 {
        let start = Instant::now();
        for _ in 0..1000 {
            t = schedule.after(&t).next().unwrap_or(first);
            if t > last {
                t = first;
            }
        }
        best = best.min(start.elapsed().as_nanos() as f64 / 1000.0);
    }
    println!("{best:.1}");
}

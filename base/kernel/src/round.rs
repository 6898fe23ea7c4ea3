/// Divides with the house's one rounding rule: half away from zero.
///
/// # Panics
/// When `divisor` is zero.
pub fn div_round(dividend: i128, divisor: i128) -> i128 {
    assert!(divisor != 0, "division by zero");
    let (n, d) = if divisor < 0 { (-dividend, -divisor) } else { (dividend, divisor) };
    let half = d / 2;
    let odd = d % 2;
    // |n| * 2 >= |d| rounds up; written without doubling n so that i128 cannot overflow on it
    let q = n / d;
    let r = (n % d).abs();
    if r > half || (r == half && odd == 0) { q + n.signum() } else { q }
}

#[cfg(test)]
mod tests {
    use super::div_round;

    #[test]
    fn half_goes_away_from_zero() {
        for (n, d, want) in [
            (5, 2, 3),
            (-5, 2, -3),
            (4, 3, 1),
            (5, 3, 2),
            (-4, 3, -1),
            (7, -2, -4),
            (1, 2, 1),
            (0, 9, 0),
            (2, 5, 0),
            (3, 5, 1),
        ] {
            assert_eq!(div_round(n, d), want, "{n}/{d}");
        }
    }
}

//! Instants as Daraja writes them: digits, in Kenya's time.

use daraja_auth_core::time::EpochMillis;

/// Kenya is three hours ahead of UTC, all year.
const OFFSET_SECONDS: u64 = 3 * 60 * 60;
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// A date and a time of day in Kenya.
pub struct KenyaTime {
    year: u64,
    month: u64,
    day: u64,
    time_of_day: String,
}

impl KenyaTime {
    /// The date and time at that instant.
    pub fn at(instant: EpochMillis) -> Self {
        let seconds = instant.0 / 1000 + OFFSET_SECONDS;
        let (year, month, day) = date_of(seconds / DAY_SECONDS);
        let left = seconds % DAY_SECONDS;
        let time_of_day = format!("{:02}{:02}{:02}", left / 3600, left / 60 % 60, left % 60);
        Self { year, month, day, time_of_day }
    }

    /// Year, month and day, such as `20191219`.
    pub fn date(&self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// The date and the time, such as `20191219102115`.
    pub fn year_first(&self) -> String {
        [self.date(), self.time_of_day.clone()].concat()
    }

    /// The same with the day first, such as `19122019102115`.
    pub fn day_first(&self) -> String {
        format!("{:02}{:02}{:04}{}", self.day, self.month, self.year, self.time_of_day)
    }
}

/// The year, month and day of a day that is counted from 1 January 1970.
fn date_of(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Whether the text is a valid date and time, such as `20191219102115`. It does not check how long a month is.
pub fn is_timestamp(text: &str) -> bool {
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
    let is_in = |from: usize, range: core::ops::RangeInclusive<u32>| {
        number(from, from + 2).is_some_and(|number| range.contains(&number))
    };
    text.len() == 14
        && text.bytes().all(|b| b.is_ascii_digit())
        && is_in(4, 1..=12)
        && is_in(6, 1..=31)
        && is_in(8, 0..=23)
        && is_in(10, 0..=59)
        && is_in(12, 0..=59)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_kenyas_time() {
        for (millis, year_first, day_first) in [
            (0, "19700101030000", "01011970030000"),
            // 28 February 2000, 23:59:59 in Kenya, and the second after it: 2000 was a leap year.
            (951_771_599_000, "20000228235959", "28022000235959"),
            (951_771_600_999, "20000229000000", "29022000000000"),
            (1_798_664_399_000, "20261230235959", "30122026235959"),
            (1_798_750_800_000, "20270101000000", "01012027000000"),
            (4_107_531_600_000, "21000301000000", "01032100000000"),
        ] {
            let time = KenyaTime::at(EpochMillis(millis));
            assert_eq!((time.year_first().as_str(), time.day_first().as_str()), (year_first, day_first));
        }
    }

    #[test]
    fn a_timestamp_is_fourteen_digits_of_a_valid_time() {
        assert!(is_timestamp("20191219102115") && is_timestamp("20240229235959"));
        for text in [
            "",
            "2019121910211",
            "201912191021150",
            "20191319102115",
            "20190019102115",
            "20191200102115",
            "20191219242115",
            "20191219106015",
            "20191219102160",
            "2019-12-19T10:",
            "\u{660}\u{660}\u{660}\u{660}\u{660}\u{660}\u{660}",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}

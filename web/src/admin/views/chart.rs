//! A line chart's geometry, in whole numbers: the values may be money.

/// One day (or week) of a chart, with the words of its tooltip and table row.
#[derive(Clone, Debug)]
pub struct ChartPoint {
    pub label: String,
    pub value: i64,
    pub value_label: String,
    pub previous: i64,
    pub previous_label: String,
}

/// A solid line against the dashed previous period.
#[derive(Clone, Debug)]
pub struct Chart {
    pub points: Vec<ChartPoint>,
    /// Words of the two lines ("24 Oct – 22 Nov").
    pub current_label: String,
    pub previous_label: String,
    /// Labels of the scale, from the top down, evenly spaced; the last is zero.
    pub scale: Vec<String>,
    top: i64,
}

/// Height of the drawing's coordinate system; each point is [`STEP`] wide.
const HEIGHT: i64 = 2000;
const STEP: i64 = 100;

impl Chart {
    /// Draws the points; `format` writes a value of the scale.
    pub fn new(
        points: Vec<ChartPoint>,
        current_label: impl Into<String>,
        previous_label: impl Into<String>,
        format: impl Fn(i64) -> String,
    ) -> Chart {
        let most = points.iter().flat_map(|p| [p.value, p.previous]).max().unwrap_or(0);
        let step = nice(most.max(1));
        let steps = (most.max(1) + step - 1) / step;
        let scale = (0..=steps).rev().map(|i| format(i * step)).collect();
        Chart {
            points,
            current_label: current_label.into(),
            previous_label: previous_label.into(),
            scale,
            top: step * steps,
        }
    }

    pub fn view_box(&self) -> String {
        format!("0 0 {} {HEIGHT}", self.width())
    }

    fn width(&self) -> i64 {
        (self.points.len().max(1) as i64) * STEP
    }

    fn y(&self, value: i64) -> i64 {
        HEIGHT - i64::try_from(i128::from(value) * i128::from(HEIGHT) / i128::from(self.top)).unwrap_or(0)
    }

    fn path(&self, value: impl Fn(&ChartPoint) -> i64) -> String {
        let mut path = String::new();
        for (i, point) in self.points.iter().enumerate() {
            let x = i as i64 * STEP + STEP / 2;
            path.push_str(&format!("{}{x} {} ", if i == 0 { "M" } else { "L" }, self.y(value(point))));
        }
        path
    }

    pub fn line(&self) -> String {
        self.path(|p| p.value)
    }

    pub fn previous_line(&self) -> String {
        self.path(|p| p.previous)
    }

    /// The tinted area under the line.
    pub fn area(&self) -> String {
        if self.points.is_empty() {
            return String::new();
        }
        format!("{}L{} {HEIGHT} L{} {HEIGHT} Z", self.line(), self.width() - STEP / 2, STEP / 2)
    }

    /// Heights of the scale's lines.
    pub fn grid(&self) -> Vec<i64> {
        let n = self.scale.len().max(2) as i64 - 1;
        (0..=n).map(|i| i * HEIGHT / n).collect()
    }

    /// A point's dot inside its own column.
    pub fn dot(&self, point: &ChartPoint) -> String {
        format!("M{} {}h0", STEP / 2, self.y(point.value))
    }

    /// Which way a tooltip opens, so that it stays inside.
    pub fn side(&self, index: &usize) -> &'static str {
        match index * 3 / self.points.len().max(1) {
            0 => "s",
            1 => "m",
            _ => "e",
        }
    }

    /// Whether a point's label stands at the foot: about six do.
    pub fn at_foot(&self, index: &usize) -> bool {
        index.is_multiple_of((self.points.len() / 6).max(1))
    }
}

/// The step of 1, 2 or 5 times a power of ten that cuts `most` into at most five.
fn nice(most: i64) -> i64 {
    let mut power = 1i64;
    loop {
        for step in [power, power.saturating_mul(2), power.saturating_mul(5)] {
            if step.saturating_mul(4) >= most || step == i64::MAX {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

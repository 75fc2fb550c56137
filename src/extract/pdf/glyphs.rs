//! A page's drawing instructions → the characters it draws, each with its place.

use super::super::layout::{Drawn, Text};
use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::{Dict, Name, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use std::collections::HashMap;

/// Units of glyph space to an em.
const UNITS: f64 = 1000.0;
/// Text that runs in a direction further than this from a right angle (cosine) is a watermark.
const UPRIGHT: f64 = 0.985;

/// What a page draws.
#[derive(Debug, Default)]
pub struct Drawing {
    /// Characters by the direction they run in: to the right, down, to the left, up.
    pub turned: [Vec<Drawn>; 4],
    /// Text that runs aslant: watermarks.
    pub aslant: String,
    /// Text that the producer marked as a running header, footer or watermark.
    pub artifacts: String,
    /// Characters whose font does not say what they are.
    pub unknown: usize,
    /// Pictures.
    pub pictures: usize,
    /// Width of the page as it is looked at, in points.
    pub width: f32,
    /// Height of the page, in points.
    pub height: f32,
}

/// Draws a page to see which characters come where.
pub fn draw<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>, fonts: &mut HashMap<u128, bool>) -> Drawing {
    let (width, height) = page.render_dimensions();
    let mut pen = Pen {
        out: Drawing { width, height, ..Drawing::default() },
        fonts,
        order: 0,
        marks: Vec::new(),
        replaced: None,
    };
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, area, cache, page.xref(), InterpreterSettings::default());
    interpret_page(page, &mut context, &mut pen);
    pen.out
}

/// A stretch of marked content.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Plain,
    /// Belongs to the page, not to the text.
    Artifact,
    /// The producer says what its text is.
    Replaced,
}

struct Pen<'p> {
    out: Drawing,
    /// Whether a font is bold, by its program.
    fonts: &'p mut HashMap<u128, bool>,
    order: u32,
    marks: Vec<Mark>,
    /// Text that stands for what is drawn until the mark ends; taken by the first glyph.
    replaced: Option<Option<String>>,
}

impl Pen<'_> {
    fn put(&mut self, text: Text, transform: Affine, advance: f64, vertical: bool) {
        let origin = transform * Point::ZERO;
        let em = transform * Point::new(0.0, UNITS) - origin;
        let along = if vertical {
            transform * Point::new(0.0, -UNITS) - origin
        } else {
            transform * Point::new(UNITS, 0.0) - origin
        };
        let (size, length) = (em.hypot(), along.hypot());
        if !(size.is_finite() && length.is_finite()) || size < 0.5 || length <= 0.0 || size > 5_000.0 {
            return;
        }
        let direction = along / length;
        let turn = match (direction.x, direction.y) {
            (x, _) if x > UPRIGHT => 0,
            (_, y) if y > UPRIGHT => 1,
            (x, _) if x < -UPRIGHT => 2,
            (_, y) if y < -UPRIGHT => 3,
            _ => {
                text.push_to(&mut self.out.aslant);
                return;
            }
        };
        let beyond = f64::from(self.out.width.max(self.out.height)) * 0.02;
        let inside = (-beyond..=f64::from(self.out.width) + beyond).contains(&origin.x)
            && (-beyond..=f64::from(self.out.height) + beyond).contains(&origin.y);
        if !inside {
            return;
        }
        if self.marks.contains(&Mark::Artifact) {
            text.push_to(&mut self.out.artifacts);
            return;
        }
        let x = origin.x * direction.x + origin.y * direction.y;
        let y = origin.y * direction.x - origin.x * direction.y;
        let width = advance.max(0.0) / UNITS * length;
        self.order += 1;
        self.out.turned[turn].push(Drawn {
            text,
            x: x as f32,
            end: (x + width) as f32,
            y: y as f32,
            size: size as f32,
            bold: false,
            order: self.order,
        });
    }

    fn is_bold(&mut self, glyph: &Glyph) -> bool {
        let Glyph::Outline(outline) = glyph else { return false };
        let Some(data) = outline.font_data() else { return false };
        *self.fonts.entry(data.cache_key).or_insert_with(|| {
            let named = data.postscript_name.as_deref().is_some_and(|name| {
                let name = name.to_lowercase();
                ["bold", "black", "heavy", "simhei", "heiti", "黑"].iter().any(|sign| name.contains(sign))
            });
            named || data.weight.is_some_and(|w| w >= 600)
        })
    }
}

impl Device<'_> for Pen<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let bold = run.glyphs().first().is_some_and(|g| self.is_bold(g));
        let before = self.out.turned.each_ref().map(Vec::len);
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            let advance = match &**glyph {
                _ if vertical => UNITS,
                Glyph::Outline(outline) => outline.advance_width().map_or(UNITS / 2.0, f64::from),
                Glyph::Type3(drawn) => drawn.advance_width().map_or(UNITS / 2.0, f64::from),
            };
            if let Some(replaced) = &mut self.replaced {
                // The text goes with the first glyph; the others only take up place.
                let text = replaced.take().unwrap_or_default();
                self.put(Text::More(text), transform, advance, vertical);
                continue;
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => Text::of(c),
                Some(BfString::String(text)) => Text::More(text),
                None => {
                    self.out.unknown += 1;
                    continue;
                }
            };
            self.put(text, transform, advance, vertical);
        }
        if bold {
            for (list, from) in self.out.turned.iter_mut().zip(before) {
                list[from..].iter_mut().for_each(|g| g.bold = true);
            }
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        let mut mark = Mark::Plain;
        if let Some(properties) = properties {
            let sort = properties.get::<Name<'_>>(b"Type" as &[u8]);
            if tag == b"Artifact" && sort.is_some_and(|s| &*s == b"Pagination") {
                mark = Mark::Artifact;
            }
            if let Some(text) = properties.get::<PdfString<'_>>(b"ActualText" as &[u8]) {
                mark = Mark::Replaced;
                self.replaced = Some(Some(super::text_string(text.as_bytes())));
            }
        }
        self.marks.push(mark);
    }

    fn end_marked_content(&mut self) {
        if self.marks.pop() == Some(Mark::Replaced) {
            self.replaced = None;
        }
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.out.pictures += 1;
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

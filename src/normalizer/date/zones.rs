//! Abbreviations of time zones, with the offsets that Ruby's `Date._parse` gives them.

/// Seconds east of UTC of an abbreviation in any case, such as `CEST`, or a military letter; `None` when it is none.
///
/// Some are ambiguous in the world (`CST`, `IST`); Ruby decided, and a Jekyll site shows what Ruby decided.
pub(super) fn offset(name: &str) -> Option<i32> {
    let name = name.to_ascii_lowercase();
    let (quarters, _) = ABBREVIATIONS.iter().find(|(_, names)| names.split(' ').any(|known| known == name))?;
    Some(i32::from(*quarters) * 15 * 60)
}

/// Whether Ruby's `Time.parse` knows the abbreviation: those of RFC 822, and the military letters but `J`.
pub(super) fn is_standard(name: &str) -> bool {
    const NAMES: [&str; 12] = ["utc", "gmt", "ut", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "z"];
    let is_letter = name.len() == 1 && name.bytes().all(|b| b.is_ascii_alphabetic() && !b.eq_ignore_ascii_case(&b'j'));
    is_letter || NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Quarters of an hour east of UTC, and the names that stand for them.
const ABBREVIATIONS: &[(i8, &str)] = &[
    (-48, "y aoe idlw"),
    (-44, "x nt nut sst"),
    (-40, "w ckt hst ahst hast taht"),
    (-36, "v hdt yst akst gamt hadt"),
    (-34, "mart"),
    (-32, "u pst ydt akdt"),
    (-28, "t mst pdt"),
    (-24, "s cst mdt east galt"),
    (-20, "r act cdt cot ect est pet cist"),
    (-16, "q ast bot clt edt fkt gyt vet"),
    (-12, "p adt art brt gft srt uyt wgt clst fkst pmst pyst rott"),
    (-10, "nst"),
    (-8, "o at fnt brst pmdt uyst wgst"),
    (-6, "ndt"),
    (-4, "n cvt egt azot"),
    (0, "z ut wt gmt utc wet egst"),
    (4, "a bst cet fwt met mez swt wat mewt west"),
    (8, "b cat eet fle fst gtb cest mest mesz sast wast"),
    (12, "c bt eat fet idt msk trt arab eest syot"),
    (14, "iran irst"),
    (16, "d azt get msd mut ret sct kuyt samt"),
    (18, "aft irdt"),
    (20, "e mvt pkt tft tjt tmt uzt aqtt azst mawt orat yekt"),
    (22, "ist"),
    (23, "npt"),
    (24, "f btt iot kgt almt omst qyzt vost"),
    (26, "cct mmt"),
    (28, "g cxt ict wib davt hovt krat novt"),
    (32, "h bnt hkt myt pht sgt awst cast chot irkt ulat wadt wita"),
    (36, "i jst kst pwt tlt wit awdt yakt"),
    (38, "acst"),
    (40, "k gst pgt aest chst chut ddut vlat yapt"),
    (42, "acdt lhst"),
    (44, "l nct nft sbt vut aedt eadt kost lhdt magt pont sakt sret"),
    (48, "m fjt mht nrt nzt tvt wft anat fiji gilt idle nfdt nzst pett wakt"),
    (52, "tkt tot fjst nzdt phot"),
    (56, "lint tost"),
];

// The adapter json in a real worker: shapes of documents, what becomes of values, and what is refused in
// which words.
#include "fmt/format.h"
#include "tests/plugins/structured.h"

namespace concordat::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JsonTest : public StructuredTest {
 protected:
  JsonTest() : StructuredTest("json") {}
};

TEST_F(JsonTest, AListOfObjects) {
  const Result result = Read(Sample("good_list.json"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns,
              ElementsAre("ref", "opened", "place.ward", "place.postcode", "hours", "tags", "closed"))
      << "a column that appears late is one all the same";
  EXPECT_THAT(result.records, ElementsAre("1@2: A-001|2026-05-02|E05000901|DE1 1AA|1.50|noise; repeat|",
                                          "2@3: A-002|2026-05-03|E05000902||0.25||",
                                          "3@4: A-003|2026-05-09|E05000901|DE1 3ZZ|12|litter|true"));
  EXPECT_THAT(result.unreadable, IsEmpty());
}

TEST_F(JsonTest, JsonLines) {
  const Result result = Read(Sample("good_lines.jsonl"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@1: A-001|2026-05-02|1.50", "2@2: A-002|2026-05-03|0.25",
                                          "3@4: A-003|2026-05-09|12"));
  EXPECT_EQ(result.facts.blank, 1u);
  EXPECT_THAT(result.facts.notes, ElementsAre("JSON Lines: each line is a record"));
}

TEST_F(JsonTest, TheListWithinADocumentIsFoundAndSaid) {
  const Result one =
      Read(R"({"meta": {"total": 2}, "data": {"items": [{"a": 1}, {"a": 2}], "tags": ["x"]}})");
  ASSERT_TRUE(one.status.ok()) << one.status;
  EXPECT_THAT(one.records, ElementsAre("1@1: 1", "2@1: 2"));
  EXPECT_THAT(one.facts.notes, ElementsAre("the records are the elements of $.data.items (2 records)"));
}

TEST_F(JsonTest, WhereTwoListsCouldBeMeantTheFeedMustSay) {
  EXPECT_THAT(
      Refusal(Sample("bad_two_lists.json")),
      HasSubstr("option records: $.current (1 record) or $.closed (2 records), or $ for the whole document"));
  const Result result = Read(Sample("bad_two_lists.json"), {{"records", "$.closed"}});
  EXPECT_THAT(result.records, ElementsAre("1@1: A-002", "2@1: A-003"));
}

TEST_F(JsonTest, CkanAndArcGisSayThemselvesWhichListHoldsTheRecords) {
  EXPECT_THAT(Read(Sample("good_ckan.json")).records, ElementsAre("1@7: 1|A-001", "2@8: 2|A-002"));
  const Result arc = Read(R"({"fields": [{"name": "A"}], "features": [{"attributes": {"A": 7}}]})");
  EXPECT_THAT(arc.columns, ElementsAre("attributes.A"));
  EXPECT_THAT(arc.records, ElementsAre("1@1: 7"));
}

TEST_F(JsonTest, AnAnswerWithoutRecordsIsNoRecord) {
  EXPECT_THAT(Refusal(R"({"success": true, "result": {"fields": [{"id": "a"}], "records": [], "total": 0}})"),
              HasSubstr("the list $.result.records is empty"));
  EXPECT_THAT(Refusal(R"({"fields": [{"name": "A"}], "features": []})"),
              HasSubstr("the list $.features is empty"));
  EXPECT_THAT(Refusal(R"({"total": 0, "results": []})"), HasSubstr("the list $.results is empty"));
  EXPECT_THAT(Refusal(R"({"result": {"fields": [{"id": "a"}], "records": [["x"], ["y"]]}})"),
              HasSubstr("records_format=objects"));
  // A list of another name may be a value of the one record.
  EXPECT_THAT(Read(R"({"council": "Derby", "tags": []})").records, ElementsAre("1@1: Derby|"));
}

TEST_F(JsonTest, RecordsUnderTheirIds) {
  EXPECT_THAT(Refusal(Sample("good_by_id.json")), HasSubstr("$.areas.* (2 records)"));
  const Result result = Read(Sample("good_by_id.json"), {{"records", "$.areas.*"}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("record.key", "name", "households"));
  EXPECT_THAT(result.records, ElementsAre("1@2: E05000901|Old Town|2104", "2@3: E05000902|Riverside|1873"));
  const Result counts = Read(R"({"2024": 7, "2025": 9})", {{"records", "$.*"}});
  EXPECT_THAT(counts.columns, ElementsAre("record.key", "value"));
  EXPECT_THAT(counts.records, ElementsAre("1@1: 2024|7", "2@1: 2025|9"));
}

TEST_F(JsonTest, PathsGoThroughListsAndOddNames) {
  const std::string text =
      R"({"by month": [{"m": "01", "rows": [{"n": 1}]}, {"m": "02", "rows": [{"n": 2}, {"n": 3}]}]})";
  EXPECT_THAT(Read(text, {{"records", "$[\"by month\"][*].rows"}}).records,
              ElementsAre("1@1: 1", "2@1: 2", "3@1: 3"));
  EXPECT_THAT(Read(text, {{"records", "$['by month'].rows"}}).records, SizeIs(3));
  EXPECT_THAT(Refusal(text, {{"records", "$.rows"}}), HasSubstr("no records at $.rows"));
  EXPECT_THAT(Read(text, {{"records", "$..rows"}}).message(), HasSubstr("\"$..rows\" is no path such as"));
}

TEST_F(JsonTest, OneDocumentCanBeOneRecord) {
  const Result result = Read("{\"council\": \"Derby\", \"tax\": {\"2025\": 2196.0}}");
  EXPECT_THAT(result.columns, ElementsAre("council", "tax.2025"));
  EXPECT_THAT(result.records, ElementsAre("1@1: Derby|2196.0"));
  EXPECT_THAT(result.facts.notes, ElementsAre("the document is one record: it has no list of objects"));
}

TEST_F(JsonTest, NumbersStayAsTheyAreWritten) {
  const Result result =
      Read(R"([{"a": 1e6, "b": 1.0, "c": 12345678901234567890123, "d": -0, "e": 0.10, "f": 1E-3 }])");
  EXPECT_THAT(result.records, ElementsAre("1@1: 1e6|1.0|12345678901234567890123|-0|0.10|1E-3"));
}

TEST_F(JsonTest, TextsAreUnescaped) {
  const Result result = Read(
      R"([{"a": "caf\u00e9 \ud83d\udcda \"x\" \\ \/", "b": "line\nbreak", "caf\u00e9": null, "d": true}])");
  EXPECT_THAT(result.columns, ElementsAre("a", "b", "café", "d"));
  EXPECT_THAT(result.records, ElementsAre("1@1: café 📚 \"x\" \\ /|line\nbreak||true"));
}

TEST_F(JsonTest, ListsAreJoinedCountedKeptOrExploded) {
  const std::string text =
      R"([{"id": 1, "s": ["a", "b; c"], "o": [{"k": 1, "v": "x"}, {"k": 2}], "m": [[1, 2], [3]]},
 {"id": 2, "s": [], "o": []}])";
  const Result joined = Read(text);
  EXPECT_THAT(joined.columns, ElementsAre("id", "s", "o.k", "o.v", "m"));
  EXPECT_THAT(joined.records, ElementsAre("1@1: 1|a; b; c|1; 2|x|[1, 2]; [3]", "2@2: 2||||"));
  EXPECT_THAT(joined.facts.notes, ElementsAre("1 joined values hold the separator \"; \" themselves"));
  const Result counted = Read(text, {{"lists", "count"}});
  EXPECT_THAT(counted.columns, ElementsAre("id", "s", "o", "m"));
  EXPECT_THAT(counted.records, ElementsAre("1@1: 1|2|2|2", "2@2: 2|0|0|"));
  EXPECT_THAT(Read(text, {{"lists", "text"}}).records[1], "2@2: 2|[]|[]|");
  EXPECT_THAT(Read(text, {{"separator", " / "}}).records[0], HasSubstr("|a / b; c|1 / 2|"));
  const Result exploded = Read(text, {{"explode", "o"}});
  EXPECT_THAT(exploded.records,
              ElementsAre("1@1: 1|a; b; c|1|x|[1, 2]; [3]", "2@1: 1|a; b; c|2||[1, 2]; [3]", "3@2: 2||||"));
  EXPECT_THAT(Read(text, {{"explode", "x"}}).facts.notes[0], "no record has a list \"x\" to explode");
}

TEST_F(JsonTest, AnUnreadableLineSaysWhereAndHowToMend) {
  const Result result = Read(Sample("bad_lines.jsonl"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@1: A-001|1.50"));
  ASSERT_THAT(result.unreadable, SizeIs(6));
  EXPECT_THAT(result.unreadable[0], HasSubstr("2@2: line 2, column 27: NaN, which is no JSON: write null"));
  EXPECT_THAT(
      result.unreadable[1],
      HasSubstr("line 3, column 2: a name should stand here in double quotes, not a text in single quotes"));
  EXPECT_THAT(result.unreadable[2], HasSubstr("line 4, column 28: a comma before }: leave it out"));
  EXPECT_THAT(result.unreadable[3], HasSubstr("the name \"ref\" stands twice in one object"));
  EXPECT_THAT(result.unreadable[4], HasSubstr("line 6, column 27: \"007\": a number has no leading zeros"));
  EXPECT_THAT(result.unreadable[5], HasSubstr("7@7: line 7, column 18: a text has no closing quote"));
}

TEST_F(JsonTest, ARecordThatIsBrokenWithinADocumentHarmsNoOther) {
  const Result result = Read(
      "[{\"a\": 1},\n {\"a\": undefined},\n {\"a\": // why\n 3},\n 5, null, [1],\n {\"a\": \"\\ud800\"},\n "
      "{\"a\": 7}]");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@1: 1", "8@7: 7"));
  ASSERT_THAT(result.unreadable, SizeIs(6));
  EXPECT_THAT(result.unreadable[0], HasSubstr("line 2, column 8: undefined, which is no JSON: write null"));
  EXPECT_THAT(result.unreadable[1], HasSubstr("line 3, column 8: a comment: JSON has none"));
  EXPECT_THAT(result.unreadable[2], HasSubstr("a plain value, not an object"));
  EXPECT_THAT(result.unreadable[5], HasSubstr("half a character"));
}

TEST_F(JsonTest, ADocumentThatIsCutOffIsRefusedAsAWhole) {
  EXPECT_THAT(Refusal(Sample("bad_cut_off.json")),
              HasSubstr("the file ends before 1 brackets are closed: it was cut off"));
  EXPECT_THAT(Refusal(Sample("bad_cut_off.json")), HasSubstr("(after 1 record)"));
  EXPECT_THAT(Refusal("[{\"a\": 1}"), HasSubstr("it was cut off"));
  EXPECT_THAT(Refusal("{\"x\": {\"a\": [{\"b\": 1}"), HasSubstr("it was cut off"));
  EXPECT_THAT(Refusal("[{\"a\": 1} {\"a\": 2}]"),
              HasSubstr("line 1, column 11: a comma is missing between two elements"));
  EXPECT_THAT(Refusal("[{\"a\": 1},]"), HasSubstr("a comma before ]: leave it out"));
  EXPECT_THAT(Refusal("[{\"a\": 1}] trailing"), HasSubstr("something stands after the end of the document"));
  EXPECT_THAT(Refusal("{\"a\": 1},\n{\"a\": 2},\n"),
              HasSubstr("need a [ before the first and a ] after the last"));
  EXPECT_THAT(Refusal("[{\"a\": 1]}"), HasSubstr("\"]\" closes a \"{\""));
  EXPECT_THAT(Refusal(std::string(500, '[')), HasSubstr("more than 100 levels"));
}

TEST_F(JsonTest, WhatIsNoJsonIsRefusedInWords) {
  EXPECT_THAT(Refusal(""), HasSubstr("empty"));
  EXPECT_THAT(Refusal("<html><body>Sign in</body></html>"), HasSubstr("a web page"));
  EXPECT_THAT(Refusal("ref,name\n1,x\n"), HasSubstr("begins with { or ["));
  EXPECT_THAT(Refusal("%PDF-1.7 x"), HasSubstr("this is a PDF document, not JSON"));
  EXPECT_THAT(Refusal("[]"), HasSubstr("there are no records at $"));
  EXPECT_THAT(Refusal("callback([{\"a\": 1}])"), HasSubstr("begins with { or ["));
}

TEST_F(JsonTest, Encodings) {
  EXPECT_THAT(Read("\xEF\xBB\xBF[{\"a\": \"\xC3\xA9\"}]").records, ElementsAre("1@1: é"));
  const Result old = Read("[{\"a\": \"caf\xE9 \x80\"}]");
  EXPECT_THAT(old.records, ElementsAre("1@1: café €"));
  EXPECT_EQ(old.facts.encoding, "windows-1252");
  const Result bad = Read("[{\"a\": \"caf\xE9\"},\n{\"a\": 1}]", {{"encoding", "utf-8"}});
  EXPECT_THAT(bad.records, ElementsAre("2@2: 1"));
  ASSERT_THAT(bad.unreadable, SizeIs(1));
  EXPECT_THAT(bad.unreadable[0], HasSubstr("line 1, column 12: a byte that is not UTF-8"));
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("[{\"a\": 1}]")) wide += std::string{c, '\0'};
  EXPECT_THAT(Read(wide).records, ElementsAre("1@1: 1"));
}

TEST_F(JsonTest, GeoJson) {
  const Result result = Read(Sample("good_wards.geojson"), {{"geometry", "all"}});
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("feature.id", "code", "name", "geometry.type", "geometry.x",
                                          "geometry.y", "geometry.west", "geometry.south", "geometry.east",
                                          "geometry.north", "geometry.wkt"));
  EXPECT_THAT(result.records, ElementsAre("1@2: w1|E05000901|Old Town|Polygon|-1.45|52.95|-1.5|52.9|-1.4|53|"
                                          "POLYGON ((-1.5 52.9, -1.4 52.9, -1.4 53.0, -1.5 53.0, -1.5 52.9))",
                                          "2@4: w2|E05000902|Riverside||||||||"));
  EXPECT_THAT(Read(Sample("good_wards.geojson")).columns,
              ElementsAre("feature.id", "code", "name", "geometry.type"));
}

std::string FeatureOf(const std::string& geometry) {
  return fmt::format(
      R"({{"type": "FeatureCollection", "crs": {{"properties": {{"name": "urn:ogc:def:crs:EPSG::27700"}}}}, "features": [
{{"type": "Feature", "geometry": {}, "properties": {{"n": 1}}}}]}})",
      geometry);
}

TEST_F(JsonTest, GeometriesOfAllKinds) {
  const auto point = [this](const std::string& geometry) {
    const Result result = Read(FeatureOf(geometry), {{"geometry", "point"}});
    return result.records.empty() ? result.unreadable.empty() ? result.message() : result.unreadable[0]
                                  : result.records[0];
  };
  EXPECT_EQ(point(R"({"type": "Point", "coordinates": [433573, 335358.5, 12]})"),
            "1@2: Point|433573|335358.5|1");
  EXPECT_EQ(point(R"({"coordinates": [[0, 0], [4, 0], [4, 2]], "type": "LineString"})"),
            "1@2: LineString|2.6666667|0.3333333|1");
  // A square of 4 with a hole of 1 in its corner: (16 * 2 - 1 * 0.5) / 15.
  EXPECT_EQ(
      point(
          R"({"type": "Polygon", "coordinates": [[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[1,0],[1,1],[0,1],[0,0]]]})"),
      "1@2: Polygon|2.1|2.1|1");
  EXPECT_EQ(
      point(
          R"({"type": "MultiPolygon", "coordinates": [[[[0,0],[2,0],[2,2],[0,2],[0,0]]],[[[4,0],[4,2],[6,2],[6,0],[4,0]]]]})"),
      "1@2: MultiPolygon|3|1|1")
      << "whichever way a ring runs";
  EXPECT_EQ(point(R"({"type": "GeometryCollection", "geometries": []})"), "1@2: GeometryCollection|||1");
  EXPECT_THAT(point(R"({"type": "Polygon", "coordinates": [1, 2]})"),
              HasSubstr("none of the 1 records can be read"));
  EXPECT_THAT(Read(FeatureOf("null")).facts.notes[1], HasSubstr("EPSG::27700: x and y are not degrees"));
}

TEST_F(JsonTest, FeaturesALine) {
  const Result result = Read(
      "{\"type\": \"Feature\", \"geometry\": null, \"properties\": {\"a\": 1}}\n\x1E{\"type\": \"Feature\", "
      "\"geometry\": null, "
      "\"properties\": {\"a\": 2}}\n");
  EXPECT_THAT(result.columns, ElementsAre("geometry.type", "a"));
  EXPECT_THAT(result.records, ElementsAre("1@1: |1", "2@2: |2"));
}

TEST_F(JsonTest, IdsAsNamesAreSeenForWhatTheyAre) {
  std::string text = "[{";
  for (int i = 0; i < 21000; ++i) text += fmt::format("{}\"E{:05}\": 1", i == 0 ? "" : ",", i);
  EXPECT_THAT(Refusal(text + "}]"), HasSubstr("the names are ids rather, and a path that ends in .*"));
}

TEST_F(JsonTest, WhatWouldTakeTooMuchMemoryIsUnreadable) {
  const Result large = Read("[{\"a\": 1},\n{\"a\": \"" + std::string(33u << 20, 'x') + "\"},\n{\"a\": 2}]");
  EXPECT_THAT(large.records, ElementsAre("1@1: 1", "3@3: 2"));
  ASSERT_THAT(large.unreadable, SizeIs(1));
  EXPECT_THAT(large.unreadable[0], HasSubstr("2@2: the record is longer than 32 MiB"));
  std::string list = "{\"t\": \"" + std::string(1u << 20, 't') + "\", \"i\": [0";
  for (int i = 0; i < 100; ++i) list += ", 1";
  const Result multiplied = Read(list + "]}\n{\"i\": [2]}\n", {{"explode", "i"}});
  EXPECT_THAT(multiplied.records, ElementsAre("2@2: |2"));
  EXPECT_THAT(multiplied.unreadable[0], HasSubstr("would take more than 64 MiB"));
  std::string many = "{\"i\": [0";
  for (int i = 0; i < 100001; ++i) many += ",1";
  EXPECT_THAT(Read(many + "]}\n{\"i\": [2]}\n", {{"explode", "i"}}).unreadable[0],
              HasSubstr("more than 100,000 elements"));
  EXPECT_THAT(Read("{\"" + std::string(2000, 'n') + "\": 1}\n{\"i\": 2}\n").unreadable[0],
              HasSubstr("a name has more than 1,000 bytes"));
}

TEST_F(JsonTest, ManyRecordsOverManyPieces) {
  std::string text = "[";
  for (int i = 0; i < 100000; ++i)
    text += fmt::format("{}\n{{\"id\": {}, \"text\": \"some words \\\\\", \"more\": [{{\"x\": {}}}]}}",
                        i == 0 ? "" : ",", i, i % 7);
  const Result result = Read(text + "]");
  ASSERT_TRUE(result.status.ok()) << result.status;
  ASSERT_THAT(result.records, SizeIs(100000));
  EXPECT_EQ(result.records[99999], "100000@100001: 99999|some words \\|4");
}

}  // namespace
}  // namespace concordat::adapters

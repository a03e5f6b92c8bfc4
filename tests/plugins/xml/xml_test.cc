// The adapter xml in a real worker: which elements are records, what becomes columns, and what is refused.
#include "fmt/format.h"
#include "tests/plugins/structured.h"

namespace concordat::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class XmlTest : public StructuredTest {
 protected:
  XmlTest() : StructuredTest("xml") {}
};

TEST_F(XmlTest, ChildrenAttributesAndNestedElementsAreColumns) {
  const Result result = Read(Sample("good_premises.xml"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("@id", "Name", "Rating", "Rating.@date", "Place.Latitude",
                                          "Place.Longitude", "Use"));
  EXPECT_THAT(result.records,
              ElementsAre("1@5: P1|Fish & Chips|5|2026-04-02|52.91|-1.47|takeaway; restaurant",
                          "2@11: P2|Bread <fresh>|||||retail"));
  EXPECT_THAT(result.unreadable, IsEmpty());
  EXPECT_THAT(result.facts.notes,
              ElementsAre("the records are the elements Premises/List/Premise (2 times)"));
  EXPECT_EQ(result.facts.encoding, "utf-8");
}

TEST_F(XmlTest, RepeatedChildrenAreJoinedCountedOrExploded) {
  const std::string text = Sample("good_premises.xml");
  const Result counted = Read(text, {{"repeated", "count"}});
  EXPECT_THAT(counted.records[0], HasSubstr("|-1.47|2"));
  EXPECT_THAT(counted.records[1], HasSubstr("|1"));
  const Result exploded = Read(text, {{"explode", "Use"}});
  EXPECT_THAT(exploded.records, ElementsAre("1@5: P1|Fish & Chips|5|2026-04-02|52.91|-1.47|takeaway",
                                            "2@5: P1|Fish & Chips|5|2026-04-02|52.91|-1.47|restaurant",
                                            "3@11: P2|Bread <fresh>|||||retail"));
  const std::string orders =
      "<l><o><n>1</n><line k='a'><q>2</q></line><line k='b'><q>3</q></line></o><o><n>2</n></o></l>";
  EXPECT_THAT(Read(orders, {{"explode", "line"}}).records,
              ElementsAre("1@1: 1|a|2", "2@1: 1|b|3", "3@1: 2||"));
  const Result both = Read(orders, {{"repeated", "count"}});
  EXPECT_THAT(both.columns, ElementsAre("n", "line"));
  EXPECT_THAT(both.records, ElementsAre("1@1: 1|2", "2@1: 2|"));
  EXPECT_THAT(Read(orders, {{"explode", "lines"}}).facts.notes[1],
              "no record has an element \"lines\" to explode");
}

TEST_F(XmlTest, PrefixesAreDroppedOrKept) {
  const Result dropped = Read(Sample("good_soap.xml"));
  EXPECT_THAT(dropped.columns, ElementsAre("@ref", "Start", "Rent"));
  EXPECT_THAT(dropped.records, ElementsAre("1@5: T-1|2024-01-08|101.50", "2@6: T-2|2025-06-30|97.00"));
  EXPECT_THAT(
      dropped.facts.notes,
      ElementsAre("the records are the elements Envelope/Body/GetTenanciesResponse/Tenancy (2 times)"));
  EXPECT_THAT(Read(Sample("good_soap.xml"), {{"prefixes", "keep"}}).columns,
              ElementsAre("@t:ref", "t:Start", "t:Rent"));
  EXPECT_THAT(Read(Sample("good_soap.xml"), {{"records", "soap:Envelope/soap:Body/*/t:Tenancy"}}).records,
              SizeIs(2));
}

TEST_F(XmlTest, TheFeedMaySayWhichElementsAreRecords) {
  const std::string text = "<r><a><x>1</x><x>2</x></a><a><x>3</x></a><b><x>4</x></b></r>";
  EXPECT_THAT(Read(text, {{"records", "r/a/x"}}).records, ElementsAre("1@1: 1", "2@1: 2", "3@1: 3"));
  EXPECT_THAT(Read(text, {{"records", "x"}}).records, SizeIs(4));
  EXPECT_THAT(Read(text, {{"records", "//b/x"}}).records, ElementsAre("1@1: 4"));
  EXPECT_THAT(Read(text, {{"records", "r"}}).records, ElementsAre("1@1: 1; 2; 3|4"));
  EXPECT_THAT(Refusal(text, {{"records", "r/c"}}),
              HasSubstr("no element is where the option records says; the outermost element is r; what "
                        "repeats: r/a (2 times)"));
  EXPECT_THAT(Read(text, {{"records", "r//a"}}).message(), HasSubstr("\"r//a\" is no path such as"));
}

TEST_F(XmlTest, TheMostFrequentOfTheOutermostRepeatingElementsIsTheRecord) {
  const Result result = Read(
      "<feed><link href='a'/><link "
      "href='b'/><entry><id>1</id><c>x</c><c>y</c><c>z</c><c>w</c></entry><entry><id>2</id></entry>"
      "<entry><id>3</id></entry></feed>");
  EXPECT_THAT(result.records, ElementsAre("1@1: 1|x; y; z; w", "2@1: 2|", "3@1: 3|"));
  EXPECT_THAT(
      result.facts.notes,
      ElementsAre(
          "the records are the elements feed/entry (3 times)",
          "feed/link repeats, too (2 times): it is no part of the records; option records chooses it"));
  EXPECT_THAT(Refusal("<a><h><d>1</d></h><l><p><n>1</n><m>2</m></p></l></a>"),
              HasSubstr("no element repeats, so that it cannot be told what a record is. Say it in the feed "
                        "with the option records: a or a/l/p"));
}

TEST_F(XmlTest, MixedTextCdataCommentsAndLayout) {
  const Result result =
      Read("<l>\n <r>own <b>bold</b>\n  words<!-- no --><?pi x?></r>\n <r><b> x </b><b/><b>\n</b></r></l>");
  EXPECT_THAT(result.columns, ElementsAre("b", "text"));
  EXPECT_THAT(result.records, ElementsAre("1@2: bold|own words", "2@4:  x |"));
  EXPECT_THAT(Read("<l><i>1</i><i>2</i></l>").columns, ElementsAre("text"));
}

TEST_F(XmlTest, Encodings) {
  EXPECT_THAT(Read(Sample("good_windows1252.xml")).records, ElementsAre("1@2: Café €|£5", "2@2: Bar|2"));
  EXPECT_THAT(Read("<?xml version='1.0' encoding='iso-8859-1'?><l><r>\xE9</r><r>b</r></l>").records[0],
              "1@1: é");
  EXPECT_THAT(Read("<?xml version='1.0' encoding='ISO-8859-15'?><l><r>\xA4</r><r>b</r></l>").records[0],
              "1@1: €");
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("<l><r>a</r><r>b</r></l>")) wide += std::string{c, '\0'};
  EXPECT_THAT(Read(wide).records, ElementsAre("1@1: a", "2@1: b"));
  const std::string wrong = "<?xml version='1.0' encoding='utf-8'?>\n<l><r>caf\xE9</r><r>b</r></l>";
  EXPECT_THAT(Refusal(wrong), HasSubstr("line 2, column 10: this is no XML: a < or & in a text is written "
                                        "&lt; or &amp;; bytes that are not utf-8 mean another encoding"));
  EXPECT_THAT(Read(wrong, {{"encoding", "windows-1252"}}).records[0], "1@2: café");
  EXPECT_THAT(Refusal("<?xml version='1.0' encoding='ebcdic-cp-uk'?><l><r/><r/></l>"),
              HasSubstr("\"ebcdic-cp-uk\", which it is not or which is not read here"));
}

TEST_F(XmlTest, EntitiesAreNeverExpandedAndNothingOutsideIsRead) {
  EXPECT_THAT(Refusal(Sample("bad_entities.xml")),
              HasSubstr("line 3, column 14: the document declares the entity \"a\": a few of them can blow"));
  EXPECT_THAT(
      Refusal(Sample("bad_other_file.xml")),
      HasSubstr("the entity \"x\", which stands for another file: nothing outside the document is read"));
  EXPECT_THAT(
      Refusal("<!DOCTYPE l [<!ENTITY % p SYSTEM 'http://derwent.example/p.dtd'> %p;]><l><r/><r/></l>"),
      HasSubstr("the parameter entity \"p\""));
  // A DTD that is only named is not fetched; what it might define is not known.
  const Result result = Read(
      "<!DOCTYPE l SYSTEM 'http://derwent.example/l.dtd'><l><r><n>a&nbsp;b</n></r><r><n>&#163;5</n></r></l>");
  EXPECT_THAT(result.records, ElementsAre("2@1: £5"));
  ASSERT_THAT(result.unreadable, SizeIs(1));
  EXPECT_THAT(result.unreadable[0], HasSubstr("1@1: the entity &nbsp; is defined nowhere here"));
  EXPECT_THAT(Refusal("<l><r>&nbsp;</r><r/></l>"), HasSubstr("an entity that XML does not know"));
}

TEST_F(XmlTest, ABrokenDocumentIsRefusedAsAWhole) {
  EXPECT_THAT(
      Refusal(Sample("bad_cut_off.xml")),
      HasSubstr("line 4, column 10: the document ends before its first element is closed: it was cut off"));
  EXPECT_THAT(Refusal(Sample("bad_cut_off.xml"), {{"records", "list/r"}}),
              HasSubstr("(in or behind record 3)"));
  EXPECT_THAT(Refusal(Sample("bad_ampersand.xml")),
              HasSubstr("line 2, column 16: this is no XML: a < or & in a text is written &lt; or &amp;"));
  EXPECT_THAT(Refusal("<l><r></l>"), HasSubstr("an end tag does not fit"));
  EXPECT_THAT(Refusal("<l><r a='1' a='2'/><r/></l>"), HasSubstr("an attribute stands twice"));
  EXPECT_THAT(Refusal("<l><r/><r/></l><l/>"), HasSubstr("something stands behind the end"));
  EXPECT_THAT(Refusal("\n<?xml version='1.0'?><l/>"),
              HasSubstr("nothing, not even a blank, may stand before it"));
  EXPECT_THAT(Refusal(""), HasSubstr("empty"));
  EXPECT_THAT(Refusal("id,name\n1,x"), HasSubstr("it does not begin with <"));
  EXPECT_THAT(Refusal("<l><r/><r/></l>"), HasSubstr("the records are empty"));
}

TEST_F(XmlTest, Limits) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "<a>";
  EXPECT_THAT(Refusal(deep), HasSubstr("more than 100 elements in each other"));
  std::string wide = "<l><r";
  for (int i = 0; i < 1001; ++i) wide += fmt::format(" a{}=''", i);
  EXPECT_THAT(Refusal(wide + "/><r/></l>"), HasSubstr("more than 1000 attributes"));
  EXPECT_THAT(Refusal("<l><r a='" + std::string(20u << 20, 'x')),
              HasSubstr("longer than 8 MiB: is its end missing?"));
  std::string names = "<l><r>";
  for (int i = 0; i < 20100; ++i) names += fmt::format("<E{}/>", i);
  EXPECT_THAT(Refusal(names + "</r><r/></l>"), HasSubstr("more than 20000 different places"));
  const Result long_record = Read("<l><r>" + std::string(33u << 20, 'x') + "</r><r>1</r></l>");
  EXPECT_THAT(long_record.records, ElementsAre("2@1: 1"));
  ASSERT_THAT(long_record.unreadable, SizeIs(1));
  EXPECT_THAT(long_record.unreadable[0], HasSubstr("longer than 32 MiB"));
}

TEST_F(XmlTest, ManyRecordsOverManyPieces) {
  std::string text = "<l>";
  for (int i = 0; i < 100000; ++i) text += fmt::format("\n<r id=\"{}\"><n>words &amp; words</n></r>", i);
  const Result result = Read(text + "</l>");
  ASSERT_TRUE(result.status.ok()) << result.status;
  ASSERT_THAT(result.records, SizeIs(100000));
  EXPECT_EQ(result.records[99999], "100000@100001: 99999|words & words");
}

}  // namespace
}  // namespace concordat::adapters

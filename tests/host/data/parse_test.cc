// Text to typed values and back: what is read, what is refused, and that both agree.
#include "host/data/parse.h"

#include <cmath>
#include <limits>
#include <random>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::data {
namespace {

TEST(ParseInteger, ReadsOptionalSignAndDigits) {
  const std::pair<std::string_view, int64_t> cases[] = {
      {"0", 0},
      {"7", 7},
      {"+7", 7},
      {"-7", -7},
      {"007", 7},
      {"9223372036854775807", std::numeric_limits<int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<int64_t>::min()}};
  for (const auto& [text, value] : cases) EXPECT_EQ(ParseInteger(text), value) << text;
}

TEST(ParseInteger, RefusesEverythingElse) {
  for (const std::string_view text : {"", "+", "-", "+-1", "--1", " 1", "1 ", "1.0", "1e3", "1,000", "0x10",
                                      "9223372036854775808", "-9223372036854775809", "one", "\xD9\xA1"}) {
    EXPECT_EQ(ParseInteger(text), std::nullopt) << text;
  }
}

TEST(ParseNumber, ReadsDecimalsAndExponents) {
  const std::pair<std::string_view, double> cases[] = {
      {"0", 0},
      {"-0.134", -0.134},
      {"+1.5", 1.5},
      {"53.123456", 53.123456},
      {"1e3", 1000},
      {"1E-3", 0.001},
      {"1.25e+2", 125},
      {"0.1", 0.1},
      {"00.10", 0.1},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"9007199254740993", 9007199254740992.0},
      {"4.35", 4.35},
      {"1e-999", 0},
      {"0.000000000000000000000000000001", 1e-30}};
  for (const auto& [text, value] : cases) {
    const auto parsed = ParseNumber(text);
    ASSERT_TRUE(parsed.has_value()) << text;
    EXPECT_EQ(*parsed, value) << text;
  }
}

TEST(ParseNumber, RefusesWhatInterfacesDoNotAllow) {
  for (const std::string_view text : {"",
                                      "+",
                                      "-",
                                      ".",
                                      "5.",
                                      ".5",
                                      "1e",
                                      "1e+",
                                      "e5",
                                      "inf",
                                      "-inf",
                                      "nan",
                                      "NaN",
                                      "1,000",
                                      "1 000",
                                      " 1",
                                      "1 ",
                                      "0x1p3",
                                      "1.2.3",
                                      "--1",
                                      "1e5x",
                                      "\xC2\xA3"
                                      "5",
                                      "1e999",
                                      "c",
                                      "1e5.0"}) {
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text;
  }
}

TEST(ParseNumber, AgreesWithTheStandardLibraryOnRandomTexts) {
  std::mt19937_64 random(20261120);
  for (int i = 0; i < 200'000; ++i) {
    const int digits = static_cast<int>(random() % 17);
    const std::string text =
        fmt::format("{}{}.{:0{}}", random() % 2 == 0 ? "-" : "", random() % 100'000'000,
                    random() % static_cast<uint64_t>(std::pow(10, digits + 1)), digits + 1);
    ASSERT_EQ(ParseNumber(text), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(ParseBoolean, KnowsSixSpellingsOfEach) {
  for (const std::string_view text : {"true", "True", "TRUE", "1", "Y", "Yes"})
    EXPECT_EQ(ParseBoolean(text), true) << text;
  for (const std::string_view text : {"false", "False", "FALSE", "0", "N", "No"})
    EXPECT_EQ(ParseBoolean(text), false) << text;
  for (const std::string_view text : {"", "yes", "no", "t", "on", "2", "tRUE", "true "}) {
    EXPECT_EQ(ParseBoolean(text), std::nullopt) << text;
  }
}

TEST(Calendar, GoesThereAndBackOverFourCenturies) {
  for (int64_t day = DaysFromCivil(1799, 12, 31); day <= DaysFromCivil(2201, 1, 1); ++day) {
    int year = 0, month = 0, dom = 0;
    CivilFromDays(day, year, month, dom);
    ASSERT_EQ(DaysFromCivil(year, month, dom), day);
  }
  EXPECT_EQ(DaysFromCivil(1970, 1, 1), 0);
  EXPECT_EQ(DaysFromCivil(2000, 3, 1), 11'017);
  EXPECT_EQ(DaysFromCivil(1969, 12, 31), -1);
}

TEST(Texts, AreTheIsoFormsAndTheShortestNumbers) {
  EXPECT_EQ(DateText(DaysFromCivil(2026, 5, 20)), "2026-05-20");
  EXPECT_EQ(DateText(DaysFromCivil(987, 5, 2)), "0987-05-02");
  EXPECT_EQ(TimestampText(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(TimestampText(-1), "1969-12-31T23:59:59.999999Z");
  const std::pair<double, std::string_view> numbers[] = {{0, "0"},        {-0.0, "0"},
                                                         {1, "1"},        {-1.5, "-1.5"},
                                                         {0.1, "0.1"},    {1e14, "100000000000000"},
                                                         {1e15, "1e+15"}, {1e-7, "0.0000001"},
                                                         {93.8, "93.8"},  {1234567.891, "1234567.891"}};
  for (const auto& [number, text] : numbers) EXPECT_EQ(NumberText(number), text);
}

TEST(Texts, OfNumbersReadBackAsTheSameNumber) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-20, 20);
  for (int i = 0; i < 50'000; ++i) {
    const double number = std::pow(10, exponent(random)) * (random() % 2 == 0 ? 1 : -1);
    ASSERT_EQ(ParseNumber(NumberText(number)), number) << NumberText(number);
  }
}

TEST(Trim, TakesBlanksAndNoBreakSpacesOffBothEnds) {
  EXPECT_EQ(Trim("  a b\t\r\n"), "a b");
  EXPECT_EQ(Trim("\xC2\xA0 x \xC2\xA0"), "x");
  EXPECT_EQ(Trim(" \xC2\xA0 "), "");
  EXPECT_EQ(Trim("\xC2\xA3"
                 "5"),
            "\xC2\xA3"
            "5");
}

// --- date patterns ---

struct DateCase {
  std::string_view pattern;
  std::string_view text;
  std::string_view date;  // empty: refused
};

TEST(TimePattern, ReadsDatesStrictlyByTheirFormat) {
  const DateCase cases[] = {
      {"yyyy-MM-dd", "2026-05-20", "2026-05-20"},
      {"yyyy-MM-dd", "2024-02-29", "2024-02-29"},
      {"yyyy-MM-dd", "2023-02-29", ""},
      {"yyyy-MM-dd", "1900-02-29", ""},
      {"yyyy-MM-dd", "2026-13-01", ""},
      {"yyyy-MM-dd", "2026-00-01", ""},
      {"yyyy-MM-dd", "2026-05-00", ""},
      {"yyyy-MM-dd", "2026-5-20", ""},
      {"yyyy-MM-dd", "2026-05-20 ", ""},
      {"yyyy-MM-dd", "2026/05/20", ""},
      {"yyyy-MM-dd", "2026-05-2x", ""},
      {"yyyy-MM-dd", "", ""},
      {"yyyy-MM", "2024-05", "2024-05-01"},
      {"yyyy-MM", "2024-5", ""},
      {"yyyy-MM", "2024-05-01", ""},
      {"yyyy-MM", "2024-13", ""},
      {"dd/MM/yyyy", "31/12/2019", "2019-12-31"},
      {"dd/MM/yyyy", "31/02/2019", ""},
      {"dd/MM/yyyy", "12/31/2019", ""},
      {"dd/MM/yyyy", "1/2/2019", ""},
      {"d/M/yyyy", "1/2/2019", "2019-02-01"},
      {"d/M/yyyy", "31/12/2019", "2019-12-31"},
      {"dd/MM/yy", "01/02/69", "2069-02-01"},
      {"dd/MM/yy", "01/02/70", "1970-02-01"},
      {"dd-MMM-yy", "05-SEP-12", "2012-09-05"},
      {"dd-MMM-yy", "05-Sept-12", "2012-09-05"},
      {"dd-MMM-yy", "05-Abc-12", ""},
      {"d MMMM yyyy", "7 May 2012", "2012-05-07"},
      {"d MMMM yyyy", "7 Sep 2012", ""},
      {"EEE d MMM uuuu", "Fri 20 Nov 2026", "2026-11-20"},
      {"EEE d MMM uuuu", "Thu 20 Nov 2026", ""},
      {"EEEE d MMMM yyyy", "Friday 20 November 2026", "2026-11-20"},
      {"yyyyMMdd", "20261120", "2026-11-20"},
      {"yyyy", "2026", "2026-01-01"},
      {"MMM yyyy 'end'", "Jan 2026 end", "2026-01-01"},
      {"yyyy-MM-dd HH:mm:ss", "2026-05-20 23:59:59", "2026-05-20"},
      {"yyyy-MM-dd HH:mm:ss", "2026-05-20 24:00:00", ""},
      {"dd/MM/yyyy hh:mm a", "20/05/2026 12:30 pm", "2026-05-20"},
      {"dd/MM/yyyy hh:mm a", "20/05/2026 13:30 PM", ""},
  };
  for (const DateCase& c : cases) {
    const auto pattern = TimePattern::Compile(c.pattern);
    ASSERT_TRUE(pattern.ok()) << pattern.status();
    const auto days = pattern->ParseDays(c.text);
    EXPECT_EQ(days ? DateText(*days) : "", c.date) << c.pattern << " of \"" << c.text << '"';
  }
}

TEST(TimePattern, ReadsTimestampsWithTheirOffsets) {
  const DateCase cases[] = {
      {"yyyy-MM-dd'T'HH:mm:ssXXX", "2019-01-01T10:00:00+00:00", "2019-01-01T10:00:00Z"},
      {"yyyy-MM-dd'T'HH:mm:ssXXX", "2019-06-01T00:30:00+01:00", "2019-05-31T23:30:00Z"},
      {"yyyy-MM-dd'T'HH:mm:ssXXX", "2019-06-01T00:30:00Z", "2019-06-01T00:30:00Z"},
      {"yyyy-MM-dd HH:mm:ssZ", "2019-06-01 00:30:00-0500", "2019-06-01T05:30:00Z"},
      {"yyyy-MM-dd'T'HH:mm:ssXXX", "2019-06-01T00:30:00", ""},
      {"yyyy-MM-ddTHH:mm:ss.SSS", "2019-06-01T00:30:00.125", "2019-06-01T00:30:00.125000Z"},
      {"yyyy-MM-ddTHH:mm:ss.SSS", "2019-06-01T00:30:00.12", ""},
      {"dd/MM/yyyy hh:mm a", "20/05/2026 12:30 am", "2026-05-20T00:30:00Z"},
      {"dd/MM/yyyy hh:mm a", "20/05/2026 01:30 PM", "2026-05-20T13:30:00Z"},
      {"yyyy-MM-dd", "2026-05-20", "2026-05-20T00:00:00Z"},
  };
  for (const DateCase& c : cases) {
    const auto pattern = TimePattern::Compile(c.pattern);
    ASSERT_TRUE(pattern.ok()) << pattern.status();
    const auto micros = pattern->ParseMicros(c.text);
    EXPECT_EQ(micros ? TimestampText(*micros) : "", c.date) << c.pattern << " of \"" << c.text << '"';
  }
}

TEST(TimePattern, WithoutFormatATimestampIsIso8601) {
  const auto pattern = PatternOf({.name = "at", .type = LogicalType::kTimestamp});
  ASSERT_TRUE(pattern.ok());
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2019-01-01T10:00:00+00:00", "2019-01-01T10:00:00Z"},
      {"2019-01-01T10:00Z", "2019-01-01T10:00:00Z"},
      {"2019-01-01 10:00:01.5", "2019-01-01T10:00:01.500000Z"},
      {"2019-01-01T10:00:00+0130", "2019-01-01T08:30:00Z"},
      {"2019-01-01T10:00:00-05", "2019-01-01T15:00:00Z"},
      {"2019-01-01", ""},
      {"2019-02-30T10:00:00Z", ""},
      {"2019-01-01T25:00:00Z", ""},
      {"2019-01-01T10:00:00.Z", ""},
      {"2019-01-01T10:00:00+1:00", ""},
      {"2019-01-01T10:00:00Zulu", ""},
      {"2019-01-01T10:00:00+01:", ""}};
  for (const auto& [text, expected] : cases) {
    const auto micros = pattern->ParseMicros(text);
    EXPECT_EQ(micros ? TimestampText(*micros) : "", expected) << text;
  }
}

TEST(TimePattern, WritesWhatItReads) {
  for (const std::string_view text :
       {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "dd/MM/yyyy hh:mm:ss a", "EEEE d MMMM uuuu HH:mm:ss",
        "yyyyMMddHHmmss", "EEE, dd-MMM-yy H.mm.ss Z", "yyyy-MM-dd''HH:mm:ss.SSSSSSSSS"}) {
    const auto pattern = TimePattern::Compile(text);
    ASSERT_TRUE(pattern.ok()) << pattern.status();
    for (int64_t second = 0; second < 2'000'000'000; second += 77'777'777) {
      std::string written;
      pattern->AppendMicros(second * 1'000'000, written);
      EXPECT_EQ(pattern->ParseMicros(written), second * 1'000'000) << text << ": " << written;
    }
  }
}

TEST(TimePattern, NamesTheLetterThatIsNotSupported) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"YYYY-MM-DD", "the letter Y is not supported"},
      {"yyyy-MM-DD", "the letter D"},
      {"yyy", "yyy is not supported"},
      {"yyyy-MM-dd 'at", "quote is not closed"},
      {"", "empty"},
      {"yyyy[-MM]", "[ is not supported"},
      {"yyyy-MM-dd hh:mm", "hh (1 to 12) needs a"},
      {"dd/mm/yyyy", "mm are minutes, and there are no hours (HH); months are MM"},
      {"yyyy-mm", "months are MM"},
      {"dd yyyy HH:mm", "days (dd) need their month (MM)"},
      {"HH:mm a", "needs hh"},
      {"ddd", "ddd is not supported"}};
  for (const auto& [pattern, message] : cases) {
    EXPECT_THAT(std::string(MessageOf(TimePattern::Compile(pattern).status())), testing::HasSubstr(message))
        << pattern;
  }
  EXPECT_FALSE(PatternOf({.name = "d", .type = LogicalType::kDate, .format = "dd/MM"}).ok());
}

}  // namespace
}  // namespace concordat::data

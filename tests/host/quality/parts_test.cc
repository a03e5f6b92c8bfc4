// The small machines under the rules: pattern matcher, value set, key table, list files.
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/quality/key_table.h"
#include "host/quality/list_file.h"
#include "host/quality/pattern_matcher.h"
#include "host/quality/rule_tally.h"
#include "host/quality/value_set.h"

namespace concordat::quality {
namespace {

using testing::HasSubstr;

PatternMatcher Compiled(std::string_view pattern, PatternMatcher::Mode mode = PatternMatcher::Mode::kWhole) {
  PatternMatcher matcher;
  EXPECT_EQ(matcher.Compile(pattern, mode), "") << pattern;
  return matcher;
}

TEST(PatternMatcher, TakesTheFastWayForFixedShapes) {
  for (const char* pattern : {"[EW]0[01][0-9]{6}", "^20[0-9]{2}-(0[1-9]|1[0-2])$", "\\d{4}", "A|B|CD",
                              "a?b{1,3}", "(?:x|y)\\.z", "Größe"}) {
    EXPECT_TRUE(Compiled(pattern).fast().has_value()) << pattern;
  }
  for (const char* pattern :
       {"a*", "a+", ".", "[^a]", "(?i)a", "é?", "[é]", "a{2,}", "\\bx", "\\s", "x{999}", "[[:digit:]]"}) {
    EXPECT_FALSE(Compiled(pattern).fast().has_value()) << pattern;
  }
}

TEST(PatternMatcher, SearchesTakeItOnlyWhenAnchoredAtBothEnds) {
  EXPECT_TRUE(Compiled("^(a|b)c$", PatternMatcher::Mode::kSearch).fast().has_value());
  for (const char* pattern : {"abc", "^abc", "abc$", "^a|b$", "^abc\\$"}) {
    EXPECT_FALSE(Compiled(pattern, PatternMatcher::Mode::kSearch).fast().has_value()) << pattern;
  }
}

// A seeded source of patterns and texts over a few letters, so that matches are frequent.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  size_t Below(size_t bound) {
    state_ = state_ * 6364136223846793005 + 1442695040888963407;
    return (state_ >> 33) % bound;
  }
  std::string_view Pick(std::initializer_list<std::string_view> from) {
    return from.begin()[Below(from.size())];
  }

 private:
  uint64_t state_;
};

std::string RandomPattern(Dice& dice, int depth) {
  std::string pattern;
  const size_t items = 1 + dice.Below(4);
  for (size_t i = 0; i < items; ++i) {
    if (depth < 2 && dice.Below(5) == 0) {
      pattern.append("(").append(RandomPattern(dice, depth + 1)).append(")");
    } else {
      pattern += dice.Pick({"a",    "b",    "ab",      "[ab]",   "[a-c]", "\\d",   "\\.", "[0-9]",
                            "[-a]", "[a-]", "[\\d-b]", "[\\-a]", "é",     "[b-b]", "\\w", "-",
                            "]",    ",",    "[.]",     "[a\\]]", "^",     "$",     "x*"});
    }
    pattern += dice.Pick({"", "", "", "?", "{2}", "{1,2}", "{0,1}", "{0}", "+", "{,2}", "??"});
    if (dice.Below(6) == 0) pattern += "|";
  }
  return pattern;
}

std::string RandomText(Dice& dice) {
  std::string text;
  for (size_t length = dice.Below(7); text.size() < length;)
    text += dice.Pick({"a", "b", "c", "1", ".", "-", "é", "]", ",", "_", "x"});
  return text;
}

TEST(PatternMatcher, SaysExactlyWhatRe2Says) {
  Dice dice(20261120);
  size_t compared = 0, matched = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string pattern = dice.Below(4) == 0 ? "^" : "";
    pattern.append(RandomPattern(dice, 0)).append(dice.Below(4) == 0 ? "$" : "");
    PatternMatcher matcher;
    const auto mode = dice.Below(2) == 0 ? PatternMatcher::Mode::kWhole : PatternMatcher::Mode::kSearch;
    if (!matcher.Compile(pattern, mode).empty() || !matcher.fast()) continue;
    for (int j = 0; j < 30; ++j) {
      const std::string text = RandomText(dice);
      ASSERT_EQ(matcher.fast()->Matches(text), matcher.MatchesSlowly(text))
          << pattern << " on \"" << text << "\"";
      matched += matcher.fast()->Matches(text);
      ++compared;
    }
  }
  EXPECT_GT(compared, 50'000u);
  EXPECT_GT(matched, 1'000u);
}

TEST(ValueSet, HoldsExactlyItsValues) {
  const std::vector<std::string> values = {
      "", "a", "ab", "abcdefgh", "abcdefghi", "Violence and sexual offences", "a", std::string("\0x", 2)};
  const ValueSet set(values);
  EXPECT_EQ(set.size(), 7u);
  for (const std::string& value : values) EXPECT_TRUE(set.has(value)) << value;
  for (const char* other :
       {"b", "aa", "abcdefgj", "abcdefg", "Violence and sexual offence", "Violence and sexual offencez"}) {
    EXPECT_FALSE(set.has(other)) << other;
  }
  EXPECT_FALSE(ValueSet({}).has(""));
}

TEST(ValueSet, HoldsManyValues) {
  std::vector<std::string> values;
  for (int i = 0; i < 50'000; ++i) values.push_back("E0" + std::to_string(1'000'000 + i * 7));
  const ValueSet set(values);
  for (const std::string& value : values) ASSERT_TRUE(set.has(value));
  for (int i = 0; i < 50'000; ++i) ASSERT_EQ(set.has("E0" + std::to_string(1'000'000 + i)), i % 7 == 0);
}

TEST(KeyTable, RemembersEachKeyOnceThroughAllItsGrowth) {
  const KeyHasher hash;
  KeyTable table;
  constexpr int kKeys = 200'000;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kKeys; ++i) {
      bool is_new = false;
      KeyTable::Slot& slot = table.Insert(hash(std::to_string(i)), is_new);
      ASSERT_EQ(is_new, round == 0) << i;
      if (is_new) slot.mark = static_cast<uint32_t>(i);
      ASSERT_EQ(slot.mark, static_cast<uint32_t>(i));
    }
  }
  EXPECT_EQ(table.size(), static_cast<size_t>(kKeys));
  EXPECT_TRUE(table.has(hash("7")));
  EXPECT_FALSE(table.has(hash("x")));
}

TEST(KeyTable, GoesOnInAFileBeyondItsLimitOfMemory) {
  const auto mapped_files = [] {
    std::ifstream maps("/proc/self/maps");
    size_t count = 0;
    for (std::string line; std::getline(maps, line);) count += line.ends_with("(deleted)") ? 1 : 0;
    return count;
  };
  const size_t before = mapped_files();
  const KeyHasher hash;
  KeyTable table(/*memory_limit=*/size_t{1} << 20);
  for (int i = 0; i < 100'000; ++i) {
    bool is_new = false;
    table.Insert(hash(std::to_string(i)), is_new);
    ASSERT_TRUE(is_new);
  }
  EXPECT_EQ(mapped_files(), before + 1);
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(table.has(hash(std::to_string(i))));
  EXPECT_FALSE(table.has(hash("x")));
}

TEST(KeyTable, KeepsItsKeysWhenRoomIsReserved) {
  const KeyHasher hash;
  KeyTable table;
  bool is_new = false;
  table.Insert(hash("a"), is_new).mark = 7;
  table.Reserve(1'000'000);
  EXPECT_EQ(table.Insert(hash("a"), is_new).mark, 7u);
  EXPECT_FALSE(is_new);
  table.Reserve(10);
  EXPECT_TRUE(table.has(hash("a")));
}

TEST(KeyHasher, HasASecretOfItsOwnEachTime) {
  const KeyHasher one, other;
  EXPECT_EQ(one("key").high, one("key").high);
  EXPECT_NE(one("key").high, other("key").high);
}

TEST(KeyHasher, TellsKeysOfEveryLengthApart) {
  const KeyHasher hash;
  std::vector<std::pair<uint64_t, uint32_t>> prints;
  for (size_t length = 0; length < 100; ++length) {
    const Fingerprint zero = hash(std::string(length, '\0'));
    const Fingerprint letter = hash(std::string(length, 'a'));
    prints.emplace_back(zero.high, zero.low);
    if (length > 0) prints.emplace_back(letter.high, letter.low);
  }
  std::sort(prints.begin(), prints.end());
  EXPECT_EQ(std::adjacent_find(prints.begin(), prints.end()), prints.end());
}

std::string ListMistake(std::string_view bytes) {
  const auto read = ReadListFile(bytes, "list.csv");
  return read.ok() ? "" : std::string(MessageOf(read.status()));
}

TEST(ReadListFile, ReadsPlainAndQuotedCells) {
  const auto table = ReadListFile(
      "\xEF\xBB\xBF"
      "code,name\r\nE01,\"North, \"\"old\"\"\"\r\nE02,\"two\nlines\"\n,",
      "list.csv");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ((*table)->columns.size(), 2u);
  EXPECT_EQ((*table)->columns[0]->name, "code");
  EXPECT_EQ((*table)->columns[1]->at(0), "North, \"old\"");
  EXPECT_EQ((*table)->columns[1]->at(1), "two\nlines");
  EXPECT_EQ((*table)->columns[0]->rows(), 3u);
}

TEST(ReadListFile, NamesTheLineOfAMistake) {
  EXPECT_THAT(ListMistake(""), HasSubstr("is empty"));
  EXPECT_THAT(ListMistake("a,b\n1\n"), HasSubstr("list.csv:2: 1 cell where the header has 2"));
  EXPECT_THAT(ListMistake("a\n1\n\n2\n"), HasSubstr("list.csv:3: an empty line"));
  EXPECT_THAT(ListMistake("a\n\"x\ny\"\nz,z\n"), HasSubstr("list.csv:4: 2 cells"));
  EXPECT_THAT(ListMistake("a\nx\"y\n"), HasSubstr("a quote inside"));
  EXPECT_THAT(ListMistake("a\n\"x\n"), HasSubstr("never closed"));
  EXPECT_THAT(ListMistake("a\n\"x\"y\n"), HasSubstr("after a closing quote"));
  EXPECT_THAT(ListMistake("a,a\n"), HasSubstr("names \"a\" twice"));
  EXPECT_THAT(ListMistake("a,\n"), HasSubstr("without a name"));
  EXPECT_THAT(ListMistake("a\n\xFF\n"), HasSubstr("not UTF-8"));
}

TEST(CountAnswers, CountsBlocksOfAnySize) {
  for (const size_t size : {0, 1, 239, 240, 241, 8192}) {
    std::vector<Answer> answers(size);
    for (size_t i = 0; i < size; ++i) answers[i] = static_cast<Answer>(i % 4);
    const record::Counts counts = CountAnswers(answers);
    EXPECT_EQ(counts.total(), size);
    EXPECT_EQ(counts.pass, (size + 3) / 4);
    EXPECT_EQ(counts.fail, (size + 2) / 4);
    EXPECT_EQ(counts.unresolved, size / 4);
  }
  EXPECT_EQ(CountAnswers(std::vector<Answer>(1000, Answer::kSkip)).skip, 1000u);
}

}  // namespace
}  // namespace concordat::quality

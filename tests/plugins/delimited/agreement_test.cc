// The fast scan, on every instruction set, says what a byte-at-a-time reading says, on many random texts.
#include <gtest/gtest.h>

#include <random>

#include "plugins/delimited/careful.h"
#include "plugins/delimited/scanner.h"
#include "tests/plugins/delimited/support.h"

namespace concordat::delimited {
namespace {

using Table = std::vector<std::vector<std::string>>;

// Leaves every row to the careful reader.
void ScanNothing(const char*, size_t, const Dialect&, RowIndex& index) {
  index.ends.clear();
  index.rows.clear();
  index.stop = 0;
}

// The grammar of RFC 4180 as written down there, plus LF and CR as line breaks and literal quotes in unquoted
// cells. False when a quote is broken.
class PlainGrammar {
 public:
  explicit PlainGrammar(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  bool Read(Table& rows) {
    while (at_ < text_.size()) {
      rows.emplace_back();
      if (!ReadRow(rows.back())) return false;
    }
    return true;
  }

 private:
  bool AtBreak() const { return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  bool ReadRow(std::vector<std::string>& row) {
    for (;;) {
      row.emplace_back();
      if (!AtBreak() && text_[at_] == '"' ? !ReadQuoted(row.back()) : !ReadPlain(row.back())) return false;
      if (AtBreak()) break;
      ++at_;
    }
    if (at_ < text_.size() && text_[at_++] == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
    return true;
  }

  bool ReadPlain(std::string& cell) {
    while (!AtBreak() && text_[at_] != delimiter_) cell += text_[at_++];
    return true;
  }

  bool ReadQuoted(std::string& cell) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        cell += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        cell += text_[++at_];
      } else {
        ++at_;
        return AtBreak() || text_[at_] == delimiter_;
      }
    }
    return false;
  }

  std::string_view text_;
  char delimiter_;
  size_t at_ = 0;
};

class RandomText {
 public:
  explicit RandomText(uint64_t seed) : random_(seed) {}

  size_t Below(size_t limit) { return random_() % limit; }

  /// Any soup of the characters that matter.
  std::string Soup(size_t most) {
    static const char* const kPieces[] = {
        ",",  ",", ",",  "\"", "\"",   "\n",     "\r\n",
        "\r", "x", "yz", " ",  "\"\"", "\u00E9", "long enough to fill a block of sixty-four bytes, nearly"};
    std::string text;
    for (size_t i = Below(most); i > 0; --i) text += kPieces[Below(Below(8) == 0 ? std::size(kPieces) : 11)];
    return text;
  }

  /// Mostly good rows of `columns` cells, sometimes anything.
  std::string Rows(size_t columns, size_t most) {
    std::string text;
    for (size_t row = Below(most); row > 0; --row) {
      if (Below(12) == 0) {
        text += Soup(12);
      } else {
        for (size_t i = 0; i < columns; ++i) text += (i > 0 ? "," : "") + Cell();
        text += Below(9) == 0 ? "\r\n" : "\n";
      }
    }
    return text;
  }

  std::string Cell() {
    switch (Below(8)) {
      case 0:
        return "";
      case 1:
        return "\"" + std::string(Below(70), 'q') + "\"";
      case 2:
        return "\"a,b\"";
      case 3:
        return "\"two\nlines\"";
      case 4:
        return "\"say \"\"so\"\"\"";
      default:
        return std::string(Below(20), 'u');
    }
  }

  /// A table, and one of the many ways to write it.
  Table AnyTable(size_t columns, size_t rows) {
    static const char* const kParts[] = {"x", "yy", ",", "\"", "\n", "\r\n", " ", "\u00A3", "0123456789", ""};
    Table table(rows);
    for (auto& row : table) {
      for (size_t i = 0; i < columns; ++i) {
        std::string& cell = row.emplace_back(i == 0 ? "k" : "");
        for (size_t part = Below(4); part > 0; --part) cell += kParts[Below(std::size(kParts))];
      }
    }
    return table;
  }
  std::string Write(const Table& table) {
    const std::string line_break = std::vector<std::string>{"\n", "\r\n", "\r"}[Below(3)];
    std::string text;
    for (const auto& row : table) {
      for (size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + Written(row[i]);
      text += line_break;
    }
    if (Below(2) == 0) text.resize(text.size() - line_break.size());
    return text;
  }

 private:
  std::string Written(const std::string& cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos && Below(3) > 0) return cell;
    std::string quoted = "\"";
    for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
  }

  std::mt19937_64 random_;
};

void ExpectSame(const ReadResult& one, const ReadResult& other, const std::string& text) {
  ASSERT_EQ(one.records, other.records) << ::testing::PrintToString(text);
  ASSERT_EQ(one.facts.blank, other.facts.blank) << ::testing::PrintToString(text);
  ASSERT_EQ(one.facts.unreadable, other.facts.unreadable);
  ASSERT_EQ(one.outcome, other.outcome);
}

Options GivenHeader(size_t chunk_bytes, ScanFunction scan) {
  Options options;
  options.delimiter = ',';
  options.header = Options::Header::kLine;
  options.header_line = 1;
  options.chunk_bytes = chunk_bytes;
  options.sample_bytes = 16;
  options.scan = scan;
  return options;
}

// Read and scanned on another thread, a few rows a window.
Options Ahead(Options options, size_t window_bytes) {
  options.ahead_from = 0;
  options.window_bytes = window_bytes;
  return options;
}

// However the text is cut into pieces and batches, and whoever scans it.
void ExpectOneReading(const std::string& text, RandomText& random) {
  const ReadResult careful = ReadText(text, GivenHeader(1u << 20, ScanNothing));
  ExpectSame(ReadText(text, GivenHeader(1u << 20, BestScan())), careful, text);
  ExpectSame(ReadText(text, GivenHeader(64 + random.Below(200), BestScan()), 1 + random.Below(30)), careful,
             text);
  ExpectSame(ReadText(text, GivenHeader(64 + random.Below(200), ScanPortable), 1 + random.Below(30)), careful,
             text);
  const size_t window = 64 + random.Below(200);
  ExpectSame(
      ReadText(text, Ahead(GivenHeader(64 + random.Below(400), BestScan()), window), 1 + random.Below(30)),
      careful, text);
}

TEST(FastAndCareful, AgreeOnAnySoup) {
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    RandomText random(seed);
    ExpectOneReading("a,b,c\n" + random.Soup(400), random);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

TEST(FastAndCareful, AgreeOnTablesWithMistakes) {
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    RandomText random(seed);
    ExpectOneReading("a,b,c\n" + random.Rows(3, 80), random);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

// Longer than what is kept free before a piece that is read ahead, and than a window.
TEST(FastAndCareful, AgreeOnRecordsOfHundredsOfKilobytes) {
  for (const size_t length : {100'000u, 262'143u, 262'145u, 300'000u, 900'000u}) {
    RandomText random(length);
    std::string text = "a,b,c\n";
    for (int part = 0; part < 4; ++part) {
      for (int row = 0; row < 3000; ++row) text += std::to_string(row) + ",\"x, y\",z\n";
      text += "1,\"" + std::string(length, 'l') + "\n\"\"\",z\n";
    }
    const ReadResult careful = ReadText(text, GivenHeader(1u << 20, ScanNothing));
    ASSERT_EQ(careful.records.size(), 12'004u);
    for (const size_t chunk_bytes : {1'000u, 65'536u, 200'000u})
      ExpectSame(ReadText(text, Ahead(GivenHeader(chunk_bytes, BestScan()), 4096)), careful, "long records");
  }
}

TEST(FastAndCareful, AgreeOnBytesThatAreNoText) {
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    RandomText random(seed);
    std::string text =
        "\xEF\xBB\xBF"
        "a,b,c\n" +
        random.Rows(3, 60);
    for (size_t i = random.Below(5); i > 0 && text.size() > 10; --i) {
      text[9 + random.Below(text.size() - 9)] = static_cast<char>(random.Below(256));
    }
    ExpectOneReading(text, random);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

TEST(AnyTable, IsReadAsItWasWritten) {
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    RandomText random(seed);
    const size_t columns = 2 + random.Below(6);
    Table table = random.AnyTable(columns, 1 + random.Below(60));
    table[0] = std::vector<std::string>(columns, "");
    for (size_t i = 0; i < columns; ++i) table[0][i] = "name " + std::to_string(i);
    const std::string text = random.Write(table);
    const ReadResult read =
        ReadText(text, GivenHeader(64 + random.Below(300), BestScan()), 1 + random.Below(30));
    table.erase(table.begin());
    ASSERT_EQ(read.table(), table) << "seed " << seed << "\n" << ::testing::PrintToString(text);
    ASSERT_EQ(read.facts.unreadable, 0u);
    const Options ahead = Ahead(GivenHeader(64 + random.Below(300), BestScan()), 64 + random.Below(100));
    ASSERT_EQ(ReadText(text, ahead, 1 + random.Below(30)).table(), table) << "seed " << seed;
  }
}

bool IsBlankRow(const std::vector<std::string>& row) {
  for (const std::string& cell : row) {
    if (!cell.empty()) return false;
  }
  return true;
}

struct Judged {
  Table records;
  size_t blank = 0;
  size_t unreadable = 0;
  bool may_lack_a_quote = false;  // a row that does not fit spans lines: the reader looks for records in it
};

bool SpansLines(const std::vector<std::string>& row) {
  for (const std::string& cell : row) {
    if (cell.find_first_of("\r\n") != std::string::npos) return true;
  }
  return false;
}

// What the rules on records make of the grammar's rows, for three columns.
Judged Judge(const Table& rows) {
  Judged judged;
  for (std::vector<std::string> row : rows) {
    if (IsBlankRow(row)) {
      ++judged.blank;
    } else if (row.size() < 3 || !IsBlankRow({row.begin() + 3, row.end()})) {
      ++judged.unreadable;
      judged.may_lack_a_quote |= SpansLines(row);
    } else {
      row.resize(3);
      judged.records.push_back(row);
    }
  }
  return judged;
}

TEST(TheReader, FollowsThePlainGrammarWhereQuotesAreInOrder) {
  size_t compared = 0;
  for (uint64_t seed = 0; seed < 10000; ++seed) {
    RandomText random(seed);
    const std::string text = random.Below(2) == 0 ? random.Soup(30) : random.Rows(3, 20);
    Table rows;
    if (!PlainGrammar(text, ',').Read(rows)) continue;
    const Judged judged = Judge(rows);
    if (judged.may_lack_a_quote) continue;
    const ReadResult read = ReadText("a,b,c\n" + text, GivenHeader(1u << 20, BestScan()));
    ASSERT_EQ(read.table(), judged.records) << "seed " << seed << "\n" << ::testing::PrintToString(text);
    ASSERT_EQ(read.facts.blank, judged.blank) << "seed " << seed;
    ASSERT_EQ(read.facts.unreadable, judged.unreadable) << "seed " << seed;
    ++compared;
  }
  EXPECT_GT(compared, 4000u);
}

}  // namespace
}  // namespace concordat::delimited

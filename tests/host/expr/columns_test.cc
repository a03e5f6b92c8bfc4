// Whatever an expression is made of, a batch in columns and its records one by one come to the same.
#include <gtest/gtest.h>

#include <random>

#include "fmt/format.h"
#include "tests/host/expr/support.h"

namespace concordat::expr {
namespace {

/// Random well-typed expressions; a part of them can only run record by record.
class Writer {
 public:
  explicit Writer(uint64_t seed) : random_(seed) {}

  std::string Condition(int depth) {
    if (depth == 0) return Leaf();
    switch (Pick(12)) {
      case 0:
        return fmt::format("!({})", Condition(depth - 1));
      case 1:
      case 2:
        return fmt::format("({}) && ({})", Condition(depth - 1), Condition(depth - 1));
      case 3:
      case 4:
        return fmt::format("({}) || ({})", Condition(depth - 1), Condition(depth - 1));
      case 5:
        return fmt::format("({}) ? ({}) : ({})", Condition(depth - 1), Condition(depth - 1),
                           Condition(depth - 1));
      case 6:
        return Compared(Whole(depth - 1), Whole(depth - 1));
      case 7:
        return Compared(Number(depth - 1), Pick(2) == 0 ? Number(depth - 1) : Whole(depth - 1));
      case 8:
        return Compared(Text(depth - 1), Text(depth - 1));
      case 9:
        return fmt::format("({}).{}({})", Text(depth - 1), One({"contains", "startsWith", "endsWith"}),
                           Text(0));
      case 10:
        return fmt::format("({}).matches('{}')", Text(depth - 1), One({"^a", "b$", "[ab]+", "^$", "."}));
      default:
        return Compared(fmt::format("({} - {})", Moment(), Moment()),
                        One({"duration('0s')", "duration('36h')", "duration('-1ns')"}));
    }
  }

  size_t Pick(size_t below) { return random_() % below; }
  std::string One(std::initializer_list<const char*> of) { return *(of.begin() + Pick(of.size())); }

 private:
  std::string Leaf() {
    switch (Pick(6)) {
      case 0:
        return "record.fatal";
      case 1:
        return fmt::format("has(record.{})", One({"status", "crews", "cost", "opened"}));
      case 2:
        return Compared("record.crews", One({"0", "1", "7"}));
      case 3:
        return Compared("record.cost", One({"0.0", "1.5", "-2"}));
      case 4:
        return fmt::format("record.kind in ['a', '{}']", One({"b", "ab"}));
      default:
        return Compared("record.opened", "record.closed");
    }
  }
  std::string Compared(const std::string& a, const std::string& b) {
    return fmt::format("{} {} {}", a, One({"==", "!=", "<", "<=", ">", ">="}), b);
  }
  std::string Moment() { return One({"record.opened", "record.closed", "record.month"}); }

  std::string Whole(int depth) {
    if (depth <= 0) return One({"record.crews", "record.crews", "0", "3", "-1", "9223372036854775807"});
    switch (Pick(5)) {
      case 0:
        return fmt::format("-({})", Whole(depth - 1));
      case 1:
        return fmt::format("size({})", Text(depth - 1));
      case 2:
        return fmt::format("(({}) ? {} : {})", Condition(depth - 1), Whole(depth - 1), Whole(depth - 1));
      default:
        return fmt::format("({} {} {})", Whole(depth - 1), One({"+", "-", "*", "/", "%"}), Whole(depth - 1));
    }
  }
  std::string Number(int depth) {
    if (depth <= 0) return One({"record.cost", "record.cost", "0.0", "1.5", "-1e300"});
    switch (Pick(5)) {
      case 0:
        return fmt::format("-({})", Number(depth - 1));
      case 1:
        return fmt::format("double({})", Whole(depth - 1));
      case 2:
        return fmt::format("(({}) ? {} : {})", Condition(depth - 1), Number(depth - 1), Number(depth - 1));
      default:
        return fmt::format("({} {} {})", Number(depth - 1), One({"+", "-", "*", "/"}), Number(depth - 1));
    }
  }
  std::string Text(int depth) {
    if (depth <= 0)
      return One({"record.status", "record.kind", "record.kind", "'a'", "'b'", "''", "'\xC3\xA9'"});
    switch (Pick(4)) {
      case 0:
        return fmt::format("({} + {})", Text(depth - 1), Text(depth - 1));  // only record by record
      case 1:
        return fmt::format("({}).upperAscii()", Text(depth - 1));  // so is this
      default:
        return fmt::format("(({}) ? {} : {})", Condition(depth - 1), Text(depth - 1), Text(depth - 1));
    }
  }

  std::mt19937_64 random_;
};

data::Batch RandomBatch(Writer& writer, const std::shared_ptr<const data::Schema>& schema) {
  std::vector<std::vector<std::string>> rows(80);
  for (auto& row : rows) {
    row = {writer.One({"a", "b", "c", "n/a", "", "ab"}),
           writer.One({"a", "b", "ab", "", "\xC3\xA9"}),
           writer.One({"0", "1", "-3", "7", "9223372036854775807", "-9223372036854775808", "", "x"}),
           writer.One({"0", "1.5", "-2", "1e308", "", "x"}),
           writer.One({"true", "false", "", "x"}),
           writer.One({"2026-05-20", "1601-02-01", "9999-12-31", "", "x"}),
           writer.One({"2026-05", "2025-12", ""}),
           writer.One({"2026-05-20T10:00:00Z", "2026-05-19T23:59:59Z", "", "x"}),
           "10:00:00"};
  }
  return BatchOf(schema, rows);
}

// Single values know a cell that does not parse only as one that is not there.
bool AsksForPresenceOfUnparseable(const std::string& text, const data::Batch& batch, size_t row) {
  for (const data::Column& column : batch.columns) {
    const bool unparseable = column.states[row] == data::CellState::kUnparseable;
    if (unparseable && text.find("has(record." + column.field->name + ")") != std::string::npos) return true;
  }
  return false;
}

TEST(Columns, AgreeWithRecordsOneByOneWhateverIsAsked) {
  const auto schema = TestSchema();
  size_t answers[3] = {0, 0, 0};
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    Writer writer(seed);
    const std::string text = writer.Condition(static_cast<int>(1 + seed % 4));
    const auto compiled = Program::Compile(text, {.record = schema.get()});
    if (!compiled.issues.empty()) {  // constants that divide by zero or grow too large
      ASSERT_TRUE(compiled.issues[0].message.find("number") != std::string::npos)
          << text << ": " << compiled.issues[0].message;
      continue;
    }
    const data::Batch batch = RandomBatch(writer, schema);
    for (const MissingIs missing : {MissingIs::kNull, MissingIs::kError}) {
      const std::string truths = TruthsOf(compiled.program, batch, missing);
      for (size_t row = 0; row < batch.rows(); ++row) {
        if (AsksForPresenceOfUnparseable(text, batch, row)) continue;
        const auto value = compiled.program.Evaluate(AttributesOf(batch, row, missing));
        const char single = !value.ok() ? 'E' : *value == Value{true} ? 'T' : 'F';
        ASSERT_EQ(truths[row], single) << "seed " << seed << " row " << row << ": " << text;
        ++answers[std::string("FTE").find(single)];
      }
    }
  }
  for (const size_t count : answers) EXPECT_GT(count, 10'000u) << "all three answers are tried";
}

TEST(Columns, NotANumberIsUnequalToEverything) {
  const auto schema = TestSchema();
  const data::Batch batch = BatchOf(schema, {{"", "", "0", "0", "", "", "", "", ""}});
  const auto truth = [&](const char* text) {
    return TruthsOf(Program::Compile(text, {.record = schema.get()}).program, batch, MissingIs::kNull);
  };
  EXPECT_EQ(truth("record.cost / 0.0 != record.cost / 0.0"), "T");
  EXPECT_EQ(truth("record.cost / 0.0 == record.cost / 0.0"), "F");
  EXPECT_EQ(truth("record.cost / 0.0 >= 0.0"), "F");
  EXPECT_EQ(truth("record.cost / 0.0 < double(record.crews)"), "F");
}

}  // namespace
}  // namespace concordat::expr

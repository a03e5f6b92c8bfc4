// What expressions come to: over columns, over one request, and both alike.
#include <functional>
#include <random>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/expr/program.h"
#include "tests/host/expr/support.h"

namespace concordat::expr {
namespace {

using testing::HasSubstr;

// status, kind, crews, cost, fatal, opened, month, closed, at
const std::vector<std::vector<std::string>> kRows = {
    {"open", "fire", "3", "1.5", "true", "2026-01-01", "2026-01", "2026-01-02T10:00:00Z", "13:45:00"},
    {"closed", "flood", "0", "-2", "No", "2025-12-31", "2025-12", "2025-12-31T00:00:00Z", "00:00:00"},
    {"", "", "", "", "", "", "", "", ""},
    {"c", "c", "x", "x", "x", "x", "x", "x", "x"},
};

struct RowCase {
  std::string_view text;
  std::string_view when;   // per row with missing as null
  std::string_view check;  // per row with missing as error
};

TEST(EvaluateBatch, ComparesEachTypeAndHeedsMissingAndUnparseableCells) {
  const auto schema = TestSchema();
  const data::Batch batch = BatchOf(schema, kRows);
  const RowCase cases[] = {
      {"record.status == 'open'", "TFFF", "TFEE"},
      {"record.status != 'open'", "FTFF", "FTEE"},
      {"'open' == record.status", "TFFF", "TFEE"},
      {"record.status < 'd'", "FTFF", "FTEE"},
      {"'d' > record.status", "FTFF", "FTEE"},
      {"record.kind == 'c'", "FFFT", "FFET"},
      {"record.status == record.kind", "FFFF", "FFEE"},
      {"record.status > record.kind", "TFFF", "TFEE"},
      {"record.crews > 0", "TFFE", "TFEE"},
      {"record.crews >= 0.5", "TFFE", "TFEE"},
      {"record.cost < 1", "FTFE", "FTEE"},
      {"record.cost == -2", "FTFE", "FTEE"},
      {"record.crews > record.cost", "TTFE", "TTEE"},
      {"record.fatal", "TFFE", "TFEE"},
      {"!record.fatal", "FTTE", "FTEE"},
      {"record.fatal == true", "TFFE", "TFEE"},
      {"record.opened >= '2026-01-01'", "TFFE", "TFEE"},
      {"record.opened == timestamp('2026-01-01T00:00:00Z')", "TFFE", "TFEE"},
      {"record.opened < '2026-01-01T00:00:01Z'", "TTFE", "TTEE"},
      {"record.month == '2026-01'", "TFFE", "TFEE"},
      {"record.closed > record.opened", "TFFE", "TFEE"},
      {"record.closed == record.opened", "FTFE", "FTEE"},
      {"record.at > '13:00'", "TFFE", "TFEE"},
      {"record.kind in ['fire', 'c']", "TFFT", "TFET"},
      {"record.kind in []", "FFFF", "FFEF"},
      {"record.kind in ['1','2','3','4','5','6','7','8','9','flood']", "FTFF", "FTEF"},
      {"record.crews in [1, 3]", "TFFE", "TFEE"},
      {"record.crews in [3.0]", "TFFE", "TFEE"},
      {"record.cost in [1.5, 7]", "TFFE", "TFEE"},
      {"record.cost in [-2]", "FTFE", "FTEE"},
      {"record.fatal in [false]", "FTFE", "FTEE"},
      {"record.opened in ['2025-12-31']", "FTFE", "FTEE"},
      {"has(record.status)", "TTFF", "TTFF"},
      {"has(record.crews)", "TTFT", "TTFT"},
      {"record.crews == null", "FFTF", "FFTF"},
      {"null != record.crews", "TTFT", "TTFT"},
      {"record.crews == null || record.crews < 1", "FTTE", "FTTE"},
      {"has(record.cost) && record.cost < 1", "FTFE", "FTFE"},
      {"record.cost < 1 && has(record.cost)", "FTFE", "FTFE"},
      {"record.cost < 1 && record.kind == 'c'", "FFFE", "FFEE"},
      {"record.cost < 1 || record.kind == 'c'", "FTFT", "FTET"},
      {"record.cost < 1 || record.kind == 'fire' || true", "TTTT", "TTTT"},
      {"record.cost < 1 && record.kind == 'fire' && false", "FFFF", "FFFF"},
      {"!(record.cost < 1)", "TFTE", "TFEE"},
      {"true", "TTTT", "TTTT"},
      {"1 < 2 && 'a' in ['a']", "TTTT", "TTTT"},
  };
  for (const RowCase& c : cases) {
    const auto result = Program::Compile(c.text, {.record = schema.get()});
    ASSERT_TRUE(result.issues.empty()) << c.text << ": " << result.issues[0].message;
    EXPECT_EQ(TruthsOf(result.program, batch, MissingIs::kNull), c.when) << c.text << " with missing as null";
    EXPECT_EQ(TruthsOf(result.program, batch, MissingIs::kError), c.check)
        << c.text << " with missing as error";
  }
}

TEST(EvaluateBatch, ComputesRecordByRecordWhatColumnsCannot) {
  const auto schema = TestSchema();
  const data::Batch batch = BatchOf(schema, kRows);
  const RowCase cases[] = {
      {"record.status.startsWith('o')", "TFFF", "TFEE"},
      {"!record.status.startsWith('o')", "FTTT", "FTEE"},
      {"size(record.kind) == 4", "TFFF", "TFEF"},
      {"record.kind.matches('^f')", "TTFF", "TTEF"},
      {"record.crews + 1 > 1", "TFFE", "TFEE"},
      {"record.crews * 2 != 6", "FTFE", "FTEE"},
      {"record.fatal ? record.crews > 0 : record.crews == 0", "TTFE", "TTEE"},
      {"10 / record.crews > 1", "TEFE", "TEEE"},
      {"record.crews == 0 || 10 / record.crews > 1", "TTFE", "TTEE"},
      {"record.closed - record.opened > duration('24h')", "TFFE", "TFEE"},
      {"record.opened.getFullYear() == 2026", "TFFE", "TFEE"},
      {"record.opened + duration('0s') == '2026-01-01'", "TFFE", "TFEE"},
      {"[1, 3].exists(x, x == record.crews)", "TFFE", "TFEE"},
      {"(record.crews == null) == true", "FFTF", "FFTF"},
      {"has(record.cost) && record.cost * 2.0 < 0.0", "FTFE", "FTFE"},
      {"record.kind in [record.kind]", "TTFT", "TTET"},
  };
  for (const RowCase& c : cases) {
    const auto result = Program::Compile(c.text, {.record = schema.get()});
    ASSERT_TRUE(result.issues.empty()) << c.text << ": " << result.issues[0].message;
    EXPECT_EQ(TruthsOf(result.program, batch, MissingIs::kNull), c.when) << c.text << " with missing as null";
    EXPECT_EQ(TruthsOf(result.program, batch, MissingIs::kError), c.check)
        << c.text << " with missing as error";
  }
}

TEST(EvaluateBatch, ComparesIntegersAndNumbersExactly) {
  const auto schema = TestSchema();
  auto row = kRows[0];
  row[2] = "9007199254740993";  // 2^53 + 1 has no double of its own
  const data::Batch batch = BatchOf(schema, {row});
  for (const auto& [text, truth] : {std::pair{"record.crews > 9007199254740992.0", "T"},
                                    {"record.crews == 9007199254740992.0", "F"},
                                    {"record.crews in [9007199254740992.0]", "F"},
                                    {"record.crews < 1e300", "T"},
                                    {"record.crews > -1e300", "T"}}) {
    EXPECT_EQ(TruthsOf(Program::Compile(text, {.record = schema.get()}).program, batch, MissingIs::kNull),
              truth)
        << text;
  }
}

TEST(EvaluateBatch, ARequestsAttributeIsAnErrorInEveryRow) {
  const auto schema = TestSchema();
  const auto program = Program::Compile("request.role == 'a' && record.crews == 3",
                                        {.record = schema.get(), .request = {"role"}})
                           .program;
  EXPECT_EQ(TruthsOf(program, BatchOf(schema, kRows), MissingIs::kNull), "EFFE");
}

// --- requests ---

const Scope kRequestScope = {.request = {"partner", "role", "user", "purpose", "time", "attributes"},
                             .quality = true};

std::map<std::string, Value> Request() {
  return {
      {"request.role", {std::string("analyst")}},
      {"request.time", {Value::Timestamp{1'000'000}}},
      {"request.attributes.level", {int64_t{3}}},
      {"request.attributes.trained", {true}},
      {"request.attributes.since", {Value::Timestamp{0}}},
      {"request.attributes.roles", {std::vector<Value>{{std::string("analyst")}, {std::string("steward")}}}},
      {"request.attributes.nothing", {}},
      {"quality.score", {97.5}}};
}

TEST(Evaluate, AnswersOverTheAttributesOfARequest) {
  const std::pair<std::string_view, bool> cases[] = {
      {"request.role in ['analyst', 'steward']", true},
      {"request.role == 'steward'", false},
      {"request.time < '1970-01-02'", true},
      {"request.attributes.level >= 3 && quality.score > 97", true},
      {"request.attributes.level == 3.0", true},
      {"request.attributes.trained", true},
      {"!request.attributes.trained", false},
      {"request.attributes.since == '1970-01-01'", true},
      {"request.role in request.attributes.roles", true},
      {"has(request.attributes.level) && !has(request.attributes.nowhere)", true},
      {"request.attributes.nothing == null", true},
      // The other side decides, as CEL has it.
      {"request.role == 'analyst' || request.attributes.nowhere == 1", true},
      {"request.attributes.nowhere == 1 && request.role == 'steward'", false},
  };
  for (const auto& [text, expected] : cases) {
    const auto result = Program::Compile(text, kRequestScope);
    ASSERT_TRUE(result.issues.empty()) << text;
    const auto value = result.program.Evaluate(Request());
    ASSERT_TRUE(value.ok()) << text << ": " << value.status();
    EXPECT_EQ(*value, Value{expected}) << text;
  }
}

TEST(Evaluate, NamesTheAttributeThatIsMissingOrOfTheWrongType) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"request.purpose == 'x'", "request.purpose is not known"},
      {"request.attributes.clearance == 'high'", "request.attributes.clearance is not known"},
      {"!(request.attributes.blocked == true)", "request.attributes.blocked is not known"},
      {"request.attributes.nothing != 'blocked'", "request.attributes.nothing is not known"},
      {"!request.attributes.nothing", "request.attributes.nothing is not known"},
      {"request.attributes.level == 'three'",
       "request.attributes.level: a number cannot be compared with a text"},
      {"request.attributes.level", "true or false"},
      {"request.attributes.level && true", "request.attributes.level must be true or false, but is a number"},
      {"request.role in request.attributes.level", "request.attributes.level must be a list"},
      {"request.attributes.level in ['a']",
       "request.attributes.level: a number cannot be compared with a text"},
      {"request.attributes.roles == 'analyst'", "request.attributes.roles: a list cannot be compared"},
      {"request.attributes.since < 'soon'", "request.attributes.since"},
      {"quality.conformity > 90", "quality.conformity is not known"},
      {"request.role == 'steward' || request.purpose == 'x'", "request.purpose is not known"},
  };
  for (const auto& [text, message] : cases) {
    const auto result = Program::Compile(text, kRequestScope);
    ASSERT_TRUE(result.issues.empty()) << text;
    const auto value = result.program.Evaluate(Request());
    EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(MessageOf(value.status())), HasSubstr(message)) << text;
  }
}

TEST(Evaluate, AKnownAttributeOfTheWrongTypeIsNamed) {
  auto request = Request();
  request["request.role"] = Value{int64_t{7}};
  const auto value = Program::Compile("request.role == 'analyst'", kRequestScope).program.Evaluate(request);
  EXPECT_THAT(std::string(MessageOf(value.status())),
              HasSubstr("request.role must be a text, but is a number"));
}

// --- random expressions over random rows: columns, single values and a third opinion must agree ---

enum class Opinion { kFalse, kTrue, kError };

/// A random expression with its own meaning, worked out from the cells' texts and nothing of the engine.
struct Guess {
  std::string text;
  std::function<Opinion(const std::vector<std::string>& row, MissingIs missing)> meaning;
};

constexpr const char* kWords[] = {"a", "b", "ab", "", "c"};
constexpr const char* kNumbers[] = {"0", "1", "2", "", "x"};

Opinion OpinionOf(bool holds) { return holds ? Opinion::kTrue : Opinion::kFalse; }

class Guesser {
 public:
  explicit Guesser(uint64_t seed) : random_(seed) {}

  Guess Condition(int depth) {
    const int choice = depth == 0 ? Pick(3) : Pick(7);
    switch (choice) {
      case 6: {
        Guess inner = Condition(depth - 1);
        return {Computed(inner.text), std::move(inner.meaning)};
      }
      case 0:
        return Text();
      case 1:
        return Number();
      case 2:
        return Presence();
      case 3:
        return Negation(Condition(depth - 1));
      default:
        return Chain(depth, choice == 4);
    }
  }

  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint64_t>(below)); }

 private:
  // The fields: status (0: "c" and "n/a" stand for no value), kind (1), crews (2).
  static bool IsMissing(size_t field, const std::string& cell) {
    return cell.empty() || (field == 0 && (cell == "c" || cell == "n/a"));
  }
  static Opinion Missing(MissingIs missing) {
    return missing == MissingIs::kNull ? Opinion::kFalse : Opinion::kError;
  }

  Guess Text() {
    const size_t field = static_cast<size_t>(Pick(2));
    const std::string name = field == 0 ? "record.status" : "record.kind";
    const std::string literal = kWords[Pick(5)];
    const std::string second = kWords[Pick(5)];
    const int form = Pick(4);
    const char* formats[] = {"{} == '{}'", "{} != '{}'", "{} >= '{}'", "{} in ['{}', '{}']"};
    return {fmt::format(fmt::runtime(formats[form]), name, literal, second),
            [=](const auto& row, MissingIs missing) {
              const std::string& cell = row[field];
              if (IsMissing(field, cell)) return Missing(missing);
              const bool holds[] = {cell == literal, cell != literal, cell >= literal,
                                    cell == literal || cell == second};
              return OpinionOf(holds[form]);
            }};
  }

  Guess Number() {
    const int literal = Pick(3);
    const int form = Pick(4);
    const char* formats[] = {"record.crews < {}", "record.crews == {}.0", "{} <= record.crews",
                             "record.crews in [{}, 7]"};
    return {fmt::format(fmt::runtime(formats[form]), literal), [=](const auto& row, MissingIs missing) {
              if (row[2].empty()) return Missing(missing);
              if (row[2] == "x") return Opinion::kError;
              const int value = std::stoi(row[2]);
              const bool holds[] = {value < literal, value == literal, literal <= value,
                                    value == literal || value == 7};
              return OpinionOf(holds[form]);
            }};
  }

  // The same questions, asked so that only record by record evaluation can answer them.
  static std::string Computed(const std::string& text) { return "(" + text + ") == true"; }

  Guess Presence() {
    const size_t field = static_cast<size_t>(Pick(3));
    const char* names[] = {"record.status", "record.kind", "record.crews"};
    const bool null = Pick(2) == 0;
    return {fmt::format(fmt::runtime(null ? "{} == null" : "has({})"), names[field]),
            [=](const auto& row, MissingIs) { return OpinionOf(IsMissing(field, row[field]) == null); }};
  }

  static Guess Negation(Guess inner) {
    return {"!(" + inner.text + ")", [meaning = inner.meaning](const auto& row, MissingIs missing) {
              const Opinion opinion = meaning(row, missing);
              return opinion == Opinion::kError ? opinion : OpinionOf(opinion == Opinion::kFalse);
            }};
  }

  Guess Chain(int depth, bool conjunction) {
    std::vector<Guess> parts;
    std::string text;
    for (int i = 0, count = 2 + Pick(2); i < count; ++i) {
      parts.push_back(Condition(depth - 1));
      text += fmt::format("{}({})", i == 0 ? "" : conjunction ? " && " : " || ", parts.back().text);
    }
    return {text, [parts, conjunction](const auto& row, MissingIs missing) {
              bool error = false;
              for (const Guess& part : parts) {
                const Opinion opinion = part.meaning(row, missing);
                if (opinion == (conjunction ? Opinion::kFalse : Opinion::kTrue)) return opinion;
                error |= opinion == Opinion::kError;
              }
              return error ? Opinion::kError : OpinionOf(conjunction);
            }};
  }

  std::mt19937_64 random_;
};

std::vector<std::vector<std::string>> RandomRows(Guesser& guesser, size_t count) {
  std::vector<std::vector<std::string>> rows(count, std::vector<std::string>(9));
  for (auto& row : rows) {
    row[0] = guesser.Pick(6) == 0 ? "n/a" : kWords[guesser.Pick(5)];
    row[1] = kWords[guesser.Pick(5)];
    row[2] = kNumbers[guesser.Pick(5)];
  }
  return rows;
}

// The one difference by design: single values know a cell that does not parse only as one that is not there.
bool SeesUnparseableAsAbsent(const std::string& text, const std::vector<std::string>& row) {
  return row[2] == "x" && (text.find("has(record.crews)") != std::string::npos ||
                           text.find("record.crews == null") != std::string::npos);
}

TEST(Evaluate, ColumnsSingleValuesAndAThirdOpinionAgree) {
  const auto schema = TestSchema();
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    Guesser guesser(seed);
    const Guess guess = guesser.Condition(3);
    const auto rows = RandomRows(guesser, 60);
    const data::Batch batch = BatchOf(schema, rows);
    const auto result = Program::Compile(guess.text, {.record = schema.get()});
    ASSERT_TRUE(result.issues.empty()) << guess.text << ": " << result.issues[0].message;
    for (const MissingIs missing : {MissingIs::kNull, MissingIs::kError}) {
      const std::string truths = TruthsOf(result.program, batch, missing);
      for (size_t row = 0; row < rows.size(); ++row) {
        const char expected = "FTE"[static_cast<size_t>(guess.meaning(rows[row], missing))];
        ASSERT_EQ(truths[row], expected) << "seed " << seed << " row " << row << ": " << guess.text;
        if (missing == MissingIs::kError && guess.text.find("null") != std::string::npos) continue;
        if (SeesUnparseableAsAbsent(guess.text, rows[row])) continue;
        const auto value = result.program.Evaluate(AttributesOf(batch, row, missing));
        const char single = !value.ok() ? 'E' : *value == Value{true} ? 'T' : 'F';
        ASSERT_EQ(single, expected) << "seed " << seed << " row " << row << ": " << guess.text;
      }
    }
  }
}

}  // namespace
}  // namespace concordat::expr

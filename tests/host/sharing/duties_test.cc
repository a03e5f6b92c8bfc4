// Every duty does what it says, and the check of each outcome catches what breaks its promise.
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/sharing/duties/duty.h"
#include "tests/host/sharing/support.h"

namespace concordat::sharing {
namespace {

using data::LogicalType;

/// One cell of a field of this type, parsed as the host parses it; "c" is a marker, "n/a" is missing.
struct OneCell {
  data::Field field;
  data::Column column;

  OneCell(LogicalType type, std::string_view text) {
    field = {.name = "f", .type = type, .missing_tokens = {"n/a"}, .markers = {{"c", "suppressed"}}};
    auto texts = std::make_shared<data::TextColumn>();
    texts->Append(text);
    column.field = &field;
    column.text = texts;
    data::CellParser::Create(field)->Fill(column);
  }
};

policy::DutyTerms To(std::string_view to, int64_t width = 0) {
  policy::DutyTerms terms;
  terms.to = std::string(to);
  terms.width = width;
  return terms;
}

policy::DutyTerms Keep(int64_t first, int64_t last) {
  policy::DutyTerms terms;
  terms.keep_first = first;
  terms.keep_last = last;
  return terms;
}

policy::DutyTerms Base(double base) {
  policy::DutyTerms terms;
  terms.base = base;
  return terms;
}

policy::DutyTerms Via() {
  policy::DutyTerms terms = To("ward");
  terms.via.table = "lsoa_to_ward";
  return terms;
}

const Materials& TestMaterials() {
  static const Materials materials = [] {
    Materials made;
    made.key = PseudonymKey{"k1", std::string(32, 'k')};
    auto table = std::make_shared<LookupTable>();
    table->values = {{"E01", "W1"}, {"E02", "W2"}};
    made.lookups[LookupName({"f", "generalise", Via(), {}})] = table;
    return made;
  }();
  return materials;
}

struct Bound {
  policy::FieldDuty duty;
  std::unique_ptr<FieldTreatment> treatment;

  Bound(std::string_view name, const policy::DutyTerms& terms, const data::Field& field)
      : duty{"f", std::string(name), terms, {}} {
    treatment =
        *FindDuty(name)->bind({ProtocolId("p"), &duty, &field, &TestMaterials(), At("2026-11-20T12:00:00Z")});
  }
  std::string Execute(const data::Column& column) const {
    data::TextColumn out;
    treatment->Execute(column, {0}, out);
    EXPECT_TRUE(treatment->Verify(column, {0}, out).ok()) << duty.duty << " of " << column.text->at(0);
    return std::string(out.at(0));
  }
  bool Accepts(const data::Column& column, std::string_view output) const {
    data::TextColumn out;
    out.Append(output);
    const absl::Status status = treatment->Verify(column, {0}, out);
    EXPECT_TRUE(status.ok() || absl::IsInternal(status));
    return status.ok();
  }
};

struct Case {
  const char* duty;
  policy::DutyTerms terms;
  LogicalType type;
  const char* text;
  const char* leaves;
  std::vector<const char*> must_not;  // outcomes that the check must catch
};

TEST(Duties, LeaveWhatWasAgreedAndCatchAllElse) {
  const auto text = LogicalType::kString;
  const auto date = LogicalType::kDate;
  const auto number = LogicalType::kNumber;
  const std::string x_pseudonym = PseudonymOf(*TestMaterials().key, ProtocolId("p"), "f", "x");
  const Case cases[] = {
      {"release", {}, text, "x", "x", {"y", ""}},
      {"release", {}, text, "n/a", "", {"n/a"}},
      {"redact", {}, text, "x", "[redacted]", {"x", ""}},
      {"redact", {}, text, "n/a", "", {"[redacted]"}},
      {"pseudonymise", {}, text, "x", x_pseudonym.c_str(), {"x", "", "abc"}},
      {"pseudonymise", {}, text, "c", "c", {x_pseudonym.c_str()}},
      {"mask", Keep(0, 3), text, "07700900123", "********123", {"07700900123", "*********12", "*******0123"}},
      {"mask", Keep(2, 0), text, "Zo\u00eb", "Zo*", {"Zo\u00eb", "Zo"}},
      {"mask", Keep(2, 3), text, "abcde", "*****", {"abcde", "ab***"}},
      {"mask", {}, text, "secret", "******", {"secret", "s*****"}},
      {"generalise", To("month"), date, "2026-05-20", "2026-05", {"2026-05-20", "2025-05", "2026"}},
      {"generalise", To("quarter"), date, "2026-05-20", "2026-Q2", {"2026-05-20", "2027-Q2"}},
      {"generalise", To("year"), date, "2026-05-20", "2026", {"2026-05", "2025"}},
      {"generalise", To("financial_year"), date, "2026-03-31", "2025/26", {"2026-03-31", "2024/25"}},
      {"generalise", To("financial_year"), date, "2026-04-01", "2026/27", {"2027/28"}},
      {"generalise", To("year"), date, "not a date", "", {"not a date"}},
      {"generalise",
       To("age_band", 5),
       date,
       "1990-11-21",
       "35 to 39",
       {"1990-11-21", "35", "40 to 44", "30 to 39"}},
      {"generalise", To("age_band", 5), date, "1986-11-20", "40 to 44", {"35 to 39"}},
      {"generalise", To("band", 10), number, "-3.5", "-10 to -1", {"-3.5", "0 to 9"}},
      {"generalise", To("band", 10), number, "20", "20 to 29", {"10 to 19", "20"}},
      {"generalise", To("district"), text, "de21 4ab", "DE21", {"DE21 4", "DE21 4AB", "DE2X"}},
      {"generalise", To("sector"), text, "SW1A1AA", "SW1A 1", {"SW1A 1AA", "SW1B 1"}},
      {"generalise", To("area"), text, "M1 1AE", "M", {"M1", "N"}},
      {"generalise", To("district"), text, "12 High Street", "", {"12 High Street"}},
      {"generalise", Via(), text, "E01", "W1", {"E01", "W9"}},
      {"generalise", Via(), text, "E99", "", {"E99"}},
      {"round", Base(10), number, "17", "20", {"17", "30", "10.5"}},
      {"round", Base(0.5), number, "-1.3", "-1.5", {"-1.3", "-1"}},
      {"round", Base(0.01), number, "-1.380324", "-1.38", {"-1.380324", "-1.3", "-1.39"}},
      {"round", Base(0.01), number, "-0.001", "0", {"-0.001", "0.01"}},
      {"round", Base(5), LogicalType::kInteger, "c", "c", {"5"}},
      {"round", Base(5), number, "many", "", {"many"}},
  };
  for (const Case& c : cases) {
    const OneCell cell(c.type, c.text);
    const Bound bound(c.duty, c.terms, cell.field);
    EXPECT_EQ(bound.Execute(cell.column), c.leaves) << c.duty << " to " << c.terms.to << " of " << c.text;
    for (const char* broken : c.must_not)
      EXPECT_FALSE(bound.Accepts(cell.column, broken)) << c.duty << " of " << c.text << " as " << broken;
  }
}

TEST(Duties, SayWhichFieldsTheyDoNotFit) {
  const auto misfit = [](const char* duty, const policy::DutyTerms& terms, LogicalType type) {
    return FindDuty(duty)->misfit(terms, {.name = "f", .type = type});
  };
  EXPECT_EQ(misfit("generalise", To("month"), LogicalType::kDate), "");
  EXPECT_NE(misfit("generalise", To("month"), LogicalType::kString), "");
  EXPECT_NE(misfit("generalise", To("district"), LogicalType::kNumber), "");
  EXPECT_NE(misfit("generalise", To("band", 5), LogicalType::kString), "");
  EXPECT_EQ(misfit("generalise", Via(), LogicalType::kString), "");
  EXPECT_NE(misfit("round", Base(5), LogicalType::kString), "");
  EXPECT_EQ(misfit("mask", {}, LogicalType::kNumber), "");
}

TEST(Duties, AreFoundByTheirNamesAlone) {
  EXPECT_EQ(FindDuty("perturb"), nullptr);
  for (const DutyKind& duty : FieldDuties()) EXPECT_EQ(FindDuty(duty.name), &duty);
  for (const std::string& word : policy::FieldDutyWords()) EXPECT_NE(FindDuty(word), nullptr) << word;
}

}  // namespace
}  // namespace concordat::sharing

// Rows leave only when the filters hold, only with listed fields, each in its agreed form, and every outcome
// is checked.
#include "host/sharing/release.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/sharing/duties/duty.h"
#include "tests/host/sharing/support.h"

namespace concordat::sharing {
namespace {

using data::CellState;
using testing::ElementsAre;
using testing::HasSubstr;

const PseudonymKey kKey = {"k1", std::string(32, 'k')};

/// Each row is written "crime_id|month|crime_type|lsoa_code|officer".
data::Batch Crimes(const std::vector<std::string_view>& rows) {
  data::Batch batch;
  batch.schema = CrimeSchema();
  std::vector<std::shared_ptr<data::TextColumn>> texts(batch.schema->fields.size());
  for (auto& text : texts) text = std::make_shared<data::TextColumn>();
  for (const std::string_view row : rows) {
    batch.records.push_back(batch.records.size() + 1);
    batch.lines.push_back(batch.records.size() + 1);
    size_t start = 0;
    for (auto& text : texts) {
      const size_t end = std::min(row.find('|', start), row.size());
      text->Append(row.substr(start, end - start));
      start = end + 1;
    }
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    data::Column column{.field = &batch.schema->fields[i], .text = texts[i]};
    data::CellParser::Create(batch.schema->fields[i])->Fill(column);
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

std::string Pseudonym(std::string_view protocol, std::string_view field, std::string_view value) {
  std::string message(protocol);
  message += '\0';
  message += field;
  message += '\0';
  message += value;
  return HexEncode(HmacSha256(kKey.bytes, message));
}

std::vector<std::vector<std::string>> Released(const AccessRequest& request, const data::Batch& batch) {
  auto release = Release::Create(CrimeProtocol().shares[0], CrimeSchema(), request, &kKey);
  EXPECT_TRUE(release.ok()) << release.status();
  auto rows = release->Apply(batch);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return *rows;
}

TEST(Release, OnlyListedFieldsLeaveAndEachInItsForm) {
  const auto rows =
      Released(CouncilAsks(), Crimes({"id-1|2026-10|Burglary|E01|PC 7", "id-2|2026-10|Arson|E02|PC 8"}));
  EXPECT_THAT(rows,
              ElementsAre(ElementsAre(Pseudonym("asb-hotspots", "crime_id", "id-1"), "2026-10", "Burglary"),
                          ElementsAre(Pseudonym("asb-hotspots", "crime_id", "id-2"), "2026-10", "Arson")));
}

TEST(Release, SelectChoosesFieldsAndTheirOrder) {
  AccessRequest request = CouncilAsks();
  request.select = {"crime_type", "month"};
  const auto release = Release::Create(CrimeProtocol().shares[0], CrimeSchema(), request, nullptr);
  ASSERT_TRUE(release.ok()) << release.status();
  EXPECT_THAT(release->columns(), ElementsAre("crime_type", "month"));
}

TEST(Release, RowsThatFailAFilterOrCannotBeToldStay) {
  AccessRequest request = CouncilAsks();
  request.select = {"month", "crime_type"};
  request.where = "record.month >= \"2026-10\"";
  const auto rows = Released(request, Crimes({"1|2026-10|Burglary||",
                                              "2|2026-09|Burglary||",    // where does not hold
                                              "3|2026-10|Violence||",    // the share's rows do not hold
                                              "4|2026-10|n/a||",         // the share's rows cannot be told
                                              "5||Burglary||",           // where cannot be told
                                              "6|2026-1|Burglary||"}));  // where cannot be told
  EXPECT_THAT(rows, ElementsAre(ElementsAre("2026-10", "Burglary")));
}

TEST(Release, MissingValuesStayMissingAndMarkersStayMarkers) {
  AccessRequest request = CouncilAsks();
  const auto rows = Released(request, Crimes({"|2026-10|Arson||", "c|2026-13|Arson||"}));
  EXPECT_THAT(rows, ElementsAre(ElementsAre("", "2026-10", "Arson"), ElementsAre("c", "2026-13", "Arson")));
}

TEST(Release, PseudonymsDoNotLinkAcrossProtocolsFieldsOrKeys) {
  const auto pseudonym = [](std::string_view protocol, std::string_view field, const PseudonymKey& key) {
    return (*FindDuty("pseudonymise")->bind({ProtocolId(protocol), std::string(field), &key}))
        ->Execute("id-1", CellState::kValue);
  };
  const PseudonymKey other = {"k2", std::string(32, 'x')};
  EXPECT_EQ(pseudonym("a", "f", kKey), pseudonym("a", "f", kKey));
  EXPECT_NE(pseudonym("a", "f", kKey), pseudonym("b", "f", kKey));
  EXPECT_NE(pseudonym("a", "f", kKey), pseudonym("a", "g", kKey));
  EXPECT_NE(pseudonym("a", "f", kKey), pseudonym("a", "f", other));
  // What is joined for the key must not be ambiguous.
  EXPECT_NE(pseudonym("ab", "c", kKey), pseudonym("a", "bc", kKey));
}

struct Refused {
  std::string_view name;
  std::string_view message;
  std::function<void(policy::Share&, AccessRequest&)> change;
};

TEST(Release, IsNotMadeForWhatTheShareDoesNotAllow) {
  const Refused cases[] = {
      {"a field not listed", "\"officer\" is not shared",
       [](policy::Share&, AccessRequest& r) { r.select = {"officer"}; }},
      {"where over a hidden field", "officer",
       [](policy::Share&, AccessRequest& r) { r.where = "record.officer == \"x\""; }},
      {"where over a pseudonymised field", "crime_id",
       [](policy::Share&, AccessRequest& r) { r.where = "record.crime_id == \"x\""; }},
      {"rows that do not compile", "rows is not understood",
       [](policy::Share& s, AccessRequest&) { s.rows = "record.month ="; }},
      {"a duty that is not built", "cannot be carried out",
       [](policy::Share& s, AccessRequest&) { s.fields[1].duty = "generalise"; }},
      {"a field the contract has not", "no field \"ghost\"",
       [](policy::Share& s, AccessRequest&) { s.fields.push_back({.field = "ghost", .duty = "release"}); }},
  };
  for (const Refused& c : cases) {
    policy::Share share = CrimeProtocol().shares[0];
    AccessRequest request = CouncilAsks();
    c.change(share, request);
    const auto release = Release::Create(share, CrimeSchema(), request, &kKey);
    EXPECT_THAT(std::string(MessageOf(release.status())), HasSubstr(c.message)) << c.name;
  }
}

TEST(Release, NeedsTheKeyOnlyWhereAPseudonymLeaves) {
  EXPECT_EQ(Release::Create(CrimeProtocol().shares[0], CrimeSchema(), CouncilAsks(), nullptr).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const PseudonymKey cut = {"k", "short"};
  EXPECT_FALSE(Release::Create(CrimeProtocol().shares[0], CrimeSchema(), CouncilAsks(), &cut).ok());
}

// --- the checks on outcomes, each with an outcome it must catch ---

struct Outcome {
  std::string_view duty;
  std::string_view text;
  CellState state;
  std::string_view output;
  bool fine;
};

TEST(Duties, CatchOutcomesThatBreakTheirPromise) {
  const std::string pseudonym(64, 'a');
  const std::string shouting(64, 'A');
  const Outcome cases[] = {
      {"release", "x", CellState::kValue, "x", true},
      {"release", "x", CellState::kValue, "y", false},
      {"release", "x", CellState::kUnparseable, "x", true},
      {"release", "n/a", CellState::kMissing, "", true},
      {"release", "n/a", CellState::kMissing, "n/a", false},
      {"pseudonymise", "x", CellState::kValue, pseudonym, true},
      {"pseudonymise", "x", CellState::kValue, "x", false},
      {"pseudonymise", pseudonym, CellState::kValue, pseudonym, false},
      {"pseudonymise", "x", CellState::kValue, "", false},
      {"pseudonymise", "x", CellState::kValue, shouting, false},
      {"pseudonymise", "x", CellState::kUnparseable, "x", false},
      {"pseudonymise", "", CellState::kMissing, "", true},
      {"pseudonymise", "", CellState::kMissing, pseudonym, false},
      {"pseudonymise", "c", CellState::kMarker, "c", true},
      {"pseudonymise", "c", CellState::kMarker, pseudonym, false},
  };
  for (const Outcome& c : cases) {
    const auto duty = FindDuty(c.duty)->bind({ProtocolId("p"), "f", &kKey});
    ASSERT_TRUE(duty.ok());
    const absl::Status status = (*duty)->Verify(c.text, c.state, c.output);
    EXPECT_EQ(status.ok(), c.fine) << c.duty << " of \"" << c.text << "\" as \"" << c.output << '"';
    EXPECT_EQ(status.code(), c.fine ? absl::StatusCode::kOk : absl::StatusCode::kInternal);
  }
}

TEST(Duties, AreFoundByTheirNamesAlone) {
  EXPECT_EQ(FindDuty("generalise"), nullptr);
  for (const DutyKind& duty : FieldDuties()) EXPECT_EQ(FindDuty(duty.name), &duty);
}

}  // namespace
}  // namespace concordat::sharing

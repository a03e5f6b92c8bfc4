// Rows leave only when the filters hold, only with listed fields, each in its agreed form, and every outcome
// is checked.
#include "host/sharing/release.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
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
  const policy::PolicySet policies = CrimePolicies();
  const Materials materials{kKey, {}};
  auto release = Release::Create(policies, policies.protocols[0].shares[0], CrimeSchema(), request, materials,
                                 {"crime_id"});
  EXPECT_TRUE(release.ok()) << release.status();
  const auto treated = release->Apply(batch);
  EXPECT_TRUE(treated.ok()) << treated.status();
  const auto asked = release->Ask(*treated);
  EXPECT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(asked->subjects.rows(), asked->rows.rows()) << "whose records left is known";
  std::vector<std::vector<std::string>> rows(asked->rows.rows());
  for (size_t row = 0; row < rows.size(); ++row) {
    for (const auto& column : asked->rows.columns) rows[row].emplace_back(column->at(row));
  }
  return rows;
}

absl::StatusOr<Release> Made(const policy::Share& share, const AccessRequest& request,
                             const Materials& materials) {
  static const policy::PolicySet policies = CrimePolicies();
  return Release::Create(policies, share, CrimeSchema(), request, materials);
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
  const auto release = Made(CrimeProtocol().shares[0], request, Materials{kKey, {}});
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
    return PseudonymOf(key, ProtocolId(protocol), field, "id-1");
  };
  const PseudonymKey other = {"k2", std::string(32, 'x')};
  EXPECT_EQ(pseudonym("a", "f", kKey), pseudonym("a", "f", kKey));
  EXPECT_NE(pseudonym("a", "f", kKey), pseudonym("b", "f", kKey));
  EXPECT_NE(pseudonym("a", "f", kKey), pseudonym("a", "g", kKey));
  EXPECT_NE(pseudonym("a", "f", kKey), pseudonym("a", "f", other));
  // What is joined for the key must not be ambiguous.
  EXPECT_NE(pseudonym("ab", "c", kKey), pseudonym("a", "bc", kKey));
}

TEST(Release, AKeyRotatesAndItsIdLeadsBackToIt) {
  const auto year = *policy::ParseDuration("P1Y");
  const PseudonymKey first = KeyInUse(kKey, year, Day(2026, 4, 1), Day(2027, 3, 31));
  const PseudonymKey second = KeyInUse(kKey, year, Day(2026, 4, 1), Day(2027, 4, 1));
  EXPECT_NE(first.bytes, second.bytes);
  EXPECT_EQ(KeyNamed(kKey, first.id)->bytes, first.bytes);
  EXPECT_EQ(KeyNamed(kKey, second.id)->bytes, second.bytes);
  EXPECT_EQ(KeyNamed(kKey, "k1")->bytes, kKey.bytes);
  for (const char* unknown : {"k2", "k1x", "k1.x", "k1.-1", ""})
    EXPECT_FALSE(KeyNamed(kKey, unknown)) << unknown;
}

TEST(Release, WhereSeesPseudonymsAndNotWhatIsBehindThem) {
  AccessRequest request = CouncilAsks();
  request.where = fmt::format("record.crime_id == \"{}\"", Pseudonym("asb-hotspots", "crime_id", "id-1"));
  const data::Batch crimes = Crimes({"id-1|2026-10|Arson||", "id-2|2026-10|Arson||"});
  EXPECT_EQ(Released(request, crimes).size(), 1u);
  request.where = "record.crime_id == \"id-1\"";
  EXPECT_EQ(Released(request, crimes).size(), 0u);
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
      {"rows that do not compile", "rows is not understood",
       [](policy::Share& s, AccessRequest&) { s.rows = "record.month ="; }},
      {"a duty that is not built", "cannot be carried out",
       [](policy::Share& s, AccessRequest&) { s.fields[1].duty = "perturb"; }},
      {"a field the contract has not", "no field \"ghost\"",
       [](policy::Share& s, AccessRequest&) { s.fields.push_back({.field = "ghost", .duty = "release"}); }},
  };
  for (const Refused& c : cases) {
    policy::Share share = CrimeProtocol().shares[0];
    AccessRequest request = CouncilAsks();
    c.change(share, request);
    const auto release = Made(share, request, Materials{kKey, {}});
    EXPECT_THAT(std::string(MessageOf(release.status())), HasSubstr(c.message)) << c.name;
  }
}

TEST(Release, NeedsTheKeyOnlyWhereAPseudonymLeaves) {
  const policy::Share share = CrimeProtocol().shares[0];
  EXPECT_TRUE(absl::IsFailedPrecondition(Made(share, CouncilAsks(), {}).status()));
  EXPECT_FALSE(Made(share, CouncilAsks(), Materials{PseudonymKey{"k", "short"}, {}}).ok());
  AccessRequest request = CouncilAsks();
  request.select = {"month"};
  EXPECT_TRUE(Made(share, request, {}).ok());
}

}  // namespace
}  // namespace concordat::sharing

#include "host/policy/quality_policy.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "host/policy/names.h"

namespace concordat::policy {
namespace {

std::vector<std::string> DimensionWords() {
  std::vector<std::string> words;
  for (size_t i = 0; i < record::kDimensionCount; ++i)
    words.emplace_back(record::DimensionName(static_cast<record::Dimension>(i)));
  return words;
}

// Letters, digits, '.' and '-': it stands in reports and in contracts.
bool IsClauseId(std::string_view id) {
  return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

class PolicyReader {
 public:
  PolicyReader(const Node& document, Issues& issues)
      : fields_(document, "quality policy", issues), issues_(issues) {}

  QualityPolicy Read() {
    ReadHeader(fields_, "QualityPolicy");
    policy_.place = fields_.map().place();
    policy_.id = ReadId(fields_, "id");
    ReadVersion();
    policy_.title = fields_.Text("title");
    policy_.statement = fields_.TextOr("statement", "");
    ReadOwner();
    ReadReview();
    for (const std::string& party : RequiredTexts(fields_, "parties")) policy_.parties.emplace_back(party);
    CheckNoneTwice("parties");
    policy_.characteristics = RequiredTexts(fields_, "characteristics");
    CheckNoneTwice("characteristics");
    ReadClauses();
    fields_.Finish();
    return std::move(policy_);
  }

 private:
  void ReadVersion() {
    policy_.version = fields_.Text("version");
    if (policy_.version.empty() || IsSemanticVersion(policy_.version)) return;
    fields_.Error("version", "bad-version", fmt::format("\"{}\" is not a version", policy_.version),
                  "three numbers with points, such as 1.0.0");
  }

  void ReadOwner() {
    const Node node = fields_.Map("owner");
    if (!node.is_map()) {
      if (!fields_.Has("owner"))
        fields_.Error("", "missing-key", "the quality policy needs \"owner\"",
                      "owner: {post: Head of performance, partner: county-council}");
      return;
    }
    Fields owner(node, "owner", issues_);
    policy_.owner_post = owner.Text("post");
    policy_.owner_partner = PartnerId(owner.Text("partner"));
    owner.Finish();
  }

  void ReadReview() {
    const std::optional<int64_t> review = ReadDate(fields_, "review");
    policy_.review = review.value_or(0);
    if (!fields_.Has("review"))
      fields_.Error("", "missing-key", "the quality policy needs \"review\"",
                    "the day by which it is looked at again");
  }

  void CheckNoneTwice(std::string_view key) {
    std::map<std::string, bool> seen;
    for (const Node& entry : fields_.map()[key].items()) {
      if (!entry.is_scalar() || seen.emplace(entry.text(), true).second) continue;
      issues_.Error(entry.place(), "twice", fmt::format("\"{}\" stands twice in \"{}\"", entry.text(), key));
    }
  }

  void ReadClauses() {
    const Node clauses = fields_.Sequence("clauses");
    if (clauses.items().empty())
      fields_.Error("clauses", fields_.Has("clauses") ? "too-few" : "missing-key",
                    "the quality policy needs at least one clause",
                    "clauses: [{id: DQP-1.1, title: ..., text: ...}]");
    for (const Node& node : clauses.items()) policy_.clauses.push_back(ReadClause(node));
  }

  QualityClause ReadClause(const Node& node) {
    Fields fields(node, "clause", issues_);
    QualityClause clause;
    clause.place = node.place();
    clause.id = fields.Text("id");
    if (!clause.id.empty() && !IsClauseId(clause.id)) {
      fields.Error("id", "bad-id", fmt::format("\"{}\" is no id of a clause", clause.id),
                   "letters, digits, . and -, at most 32, such as DQP-4.2");
    }
    if (!clause.id.empty() && policy_.FindClause(clause.id) != nullptr)
      fields.Error("id", "duplicate-id", fmt::format("there is a clause \"{}\" already", clause.id));
    clause.title = fields.Text("title");
    clause.text = fields.Text("text");
    clause.characteristics = fields.Texts("characteristics");
    for (size_t i = 0; i < clause.characteristics.size(); ++i) CheckCharacteristic(node, clause, i);
    clause.kinds = fields.Texts("kinds");
    for (size_t i = 0; i < clause.kinds.size(); ++i)
      Claim(kinds_, clause.kinds[i], "rules of kind", clause, EntryOf(node, "kinds", i).place());
    ReadDimensions(node, fields, clause);
    fields.Finish();
    return clause;
  }

  void CheckCharacteristic(const Node& node, const QualityClause& clause, size_t index) {
    const std::string& word = clause.characteristics[index];
    const auto& known = policy_.characteristics;
    if (std::find(known.begin(), known.end(), word) != known.end()) return;
    issues_.Error(EntryOf(node, "characteristics", index).place(), "unknown-word",
                  fmt::format("\"{}\" is not among the policy's characteristics", word),
                  DidYouMean(word, known));
  }

  void ReadDimensions(const Node& node, Fields& fields, QualityClause& clause) {
    const std::vector<std::string> words = fields.Texts("dimensions");
    for (size_t i = 0; i < words.size(); ++i) {
      const Place place = EntryOf(node, "dimensions", i).place();
      const auto dimension = record::DimensionFrom(words[i]);
      if (!dimension) {
        issues_.Error(place, "unknown-dimension", fmt::format("there is no dimension \"{}\"", words[i]),
                      DidYouMean(words[i], DimensionWords()));
        continue;
      }
      Claim(dimensions_, std::string(record::DimensionName(*dimension)), "rules of dimension", clause, place);
      clause.dimensions.push_back(*dimension);
    }
  }

  // Two clauses behind the same rules would leave open which one is why.
  void Claim(std::map<std::string, std::string>& claimed, const std::string& word, std::string_view what,
             const QualityClause& clause, const Place& place) {
    const auto [at, is_new] = claimed.emplace(word, clause.id);
    if (is_new) return;
    issues_.Error(place, "covered-twice",
                  fmt::format("{} {} have clause {} behind them already", what, word, at->second),
                  "leave it to one of them; single rules cite another with customProperties: clause");
  }

  Fields fields_;
  Issues& issues_;
  QualityPolicy policy_;
  std::map<std::string, std::string> kinds_;       // kind -> clause
  std::map<std::string, std::string> dimensions_;  // dimension -> clause
};

}  // namespace

const QualityClause* QualityPolicy::FindClause(std::string_view id) const {
  const auto found = std::find_if(clauses.begin(), clauses.end(),
                                  [&](const QualityClause& clause) { return clause.id == id; });
  return found == clauses.end() ? nullptr : &*found;
}

const QualityClause* QualityPolicy::Behind(std::string_view cited, std::string_view kind,
                                           record::Dimension dimension) const {
  if (!cited.empty()) return FindClause(cited);
  for (const QualityClause& clause : clauses) {
    if (std::find(clause.kinds.begin(), clause.kinds.end(), kind) != clause.kinds.end()) return &clause;
  }
  for (const QualityClause& clause : clauses) {
    if (std::find(clause.dimensions.begin(), clause.dimensions.end(), dimension) != clause.dimensions.end())
      return &clause;
  }
  return nullptr;
}

QualityPolicy ReadQualityPolicy(const Node& document, Issues& issues) {
  return PolicyReader(document, issues).Read();
}

}  // namespace concordat::policy

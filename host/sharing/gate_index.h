// What the gatekeeper works out once for a policy set. Private to the gatekeeper.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/expr/program.h"
#include "host/policy/policy_set.h"
#include "host/sharing/share_condition.h"

namespace concordat::sharing {

/// A share with everything found that a ruling would otherwise search for.
struct IndexedShare {
  const policy::Share* share = nullptr;
  const policy::ContractObject* object = nullptr;  // of its dataset; null: there is none
  Condition when;
  bool duties_known = false;  // every duty can be carried out
  bool needs_key = false;     // one of them only with the protocol's key
};

/// One version of a protocol.
struct IndexedProtocol {
  const policy::SharingProtocol* protocol = nullptr;
  std::vector<IndexedShare> shares;
  const std::vector<IndexedProtocol>* parent = nullptr;  // versions of its parent; null: none, or unknown
};

/// Immutable once built.
class GateIndex {
 public:
  explicit GateIndex(const policy::PolicySet& policies);

  const policy::PolicySet& policies() const { return policies_; }
  /// The versions of a protocol, the newest first; null when there is none of that id.
  const std::vector<IndexedProtocol>* Versions(std::string_view protocol) const;
  /// The object that a dataset's name means, or null.
  const policy::ContractObject* Object(std::string_view dataset) const;
  /// The ids of the protocols with a share of the dataset to the partner for the purpose, in written order.
  const std::vector<const std::vector<IndexedProtocol>*>& Serving(std::string_view partner,
                                                                  std::string_view dataset,
                                                                  std::string_view purpose) const;
  /// The same whoever asks, whatever for.
  const std::vector<const std::vector<IndexedProtocol>*>& Sharing(std::string_view dataset) const;
  /// The datasets that some protocol shares, sorted.
  std::vector<std::string> Datasets() const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <typename Value>
  using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;
  using Found = std::vector<const std::vector<IndexedProtocol>*>;

  void AddProtocol(const policy::SharingProtocol& protocol);
  void LinkParents();
  void Enter(const std::vector<IndexedProtocol>& versions);

  const policy::PolicySet& policies_;
  ByText<std::vector<IndexedProtocol>> protocols_;
  /// Whatever name it was asked by, the name under which the indexes know a dataset.
  std::string_view Canonical(std::string_view dataset) const;

  ByText<const policy::ContractObject*> objects_;
  std::unordered_map<const policy::ContractObject*, std::string> names_;
  ByText<Found> serving_;
  ByText<Found> sharing_;
};

}  // namespace concordat::sharing

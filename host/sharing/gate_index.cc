#include "host/sharing/gate_index.h"

#include <algorithm>

#include "host/sharing/duties/duty.h"
#include "host/sharing/joined_key.h"
#include "host/sharing/output_shape.h"

namespace concordat::sharing {
namespace {

template <typename Found, typename Value>
void AddOnce(Found& found, Value value) {
  if (std::find(found.begin(), found.end(), value) == found.end()) found.push_back(value);
}

IndexedShare Indexed(const policy::Share& share, const policy::ContractObject* object) {
  IndexedShare indexed{&share, object, Condition(share.when), true, false};
  for (const ShapedField& shaped : ShapedFields(share)) {
    const DutyKind* duty = FindDuty(shaped.duty->duty);
    indexed.duties_known &= duty != nullptr;
    indexed.needs_key |= duty != nullptr && duty->needs_key;
  }
  return indexed;
}

}  // namespace

GateIndex::GateIndex(const policy::PolicySet& policies) : policies_(policies) {
  for (const policy::SharingProtocol& protocol : policies.protocols) AddProtocol(protocol);
  LinkParents();
  // In written order, so that of two protocols that would serve a request always the same one does.
  for (const policy::SharingProtocol& protocol : policies.protocols)
    Enter(protocols_.find(protocol.id.str())->second);
}

void GateIndex::AddProtocol(const policy::SharingProtocol& protocol) {
  auto [versions, added] = protocols_.try_emplace(protocol.id.str());
  if (!added) return;  // with its other versions
  for (const policy::SharingProtocol* version : policies_.FindProtocol(protocol.id)) {
    IndexedProtocol indexed{version, {}, nullptr};
    for (const policy::Share& share : version->shares) {
      const policy::ContractObject* object = policies_.FindDataset(share.dataset).second;
      indexed.shares.push_back(Indexed(share, object));
      objects_[share.dataset.str()] = object;
      if (object != nullptr) names_.try_emplace(object, share.dataset.str());
    }
    versions->second.push_back(std::move(indexed));
  }
}

void GateIndex::LinkParents() {
  for (auto& [id, versions] : protocols_) {
    for (IndexedProtocol& version : versions) {
      if (!version.protocol->parent.empty()) version.parent = Versions(version.protocol->parent);
    }
  }
}

void GateIndex::Enter(const std::vector<IndexedProtocol>& versions) {
  for (const IndexedProtocol& version : versions) {
    for (const IndexedShare& indexed : version.shares) {
      const std::string dataset(Canonical(indexed.share->dataset.str()));
      AddOnce(sharing_[dataset], &versions);
      for (const PartnerId& partner : indexed.share->to)
        AddOnce(serving_[std::string(Key(partner.str(), dataset, version.protocol->purpose_code).text())],
                &versions);
    }
  }
}

const std::vector<IndexedProtocol>* GateIndex::Versions(std::string_view protocol) const {
  const auto found = protocols_.find(protocol);
  return found == protocols_.end() ? nullptr : &found->second;
}

const policy::ContractObject* GateIndex::Object(std::string_view dataset) const {
  const auto known = objects_.find(dataset);
  return known != objects_.end() ? known->second
                                 : policies_.FindDataset(DatasetId(std::string(dataset))).second;
}

std::string_view GateIndex::Canonical(std::string_view dataset) const {
  const policy::ContractObject* object = Object(dataset);
  const auto name = names_.find(object);
  return object == nullptr || name == names_.end() ? dataset : std::string_view(name->second);
}

const GateIndex::Found& GateIndex::Serving(std::string_view partner, std::string_view dataset,
                                           std::string_view purpose) const {
  static const Found kNone;
  const auto found = serving_.find(Key(partner, Canonical(dataset), purpose).text());
  return found == serving_.end() ? kNone : found->second;
}

std::vector<std::string> GateIndex::Datasets() const {
  std::vector<std::string> names;
  for (const auto& [name, found] : sharing_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

const GateIndex::Found& GateIndex::Sharing(std::string_view dataset) const {
  static const Found kNone;
  const auto found = sharing_.find(Canonical(dataset));
  return found == sharing_.end() ? kNone : found->second;
}

}  // namespace concordat::sharing

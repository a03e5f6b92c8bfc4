#include "host/sharing/gate_index.h"

#include <algorithm>

namespace concordat::sharing {
namespace {

// NUL keeps the parts apart: no name contains one. On the stack for what names usually are.
class Key {
 public:
  Key(std::string_view partner, std::string_view dataset, std::string_view purpose) {
    const size_t size = partner.size() + dataset.size() + purpose.size() + 2;
    if (size > sizeof small_) large_.resize(size);
    char* at = size > sizeof small_ ? large_.data() : small_;
    text_ = {at, size};
    for (const std::string_view part : {partner, dataset, purpose}) {
      at = std::copy(part.begin(), part.end(), at);
      if (at != text_.data() + size) *at++ = '\0';
    }
  }
  std::string_view text() const { return text_; }

 private:
  char small_[192];
  std::string large_;
  std::string_view text_;
};

template <typename Found, typename Value>
void AddOnce(Found& found, Value value) {
  if (std::find(found.begin(), found.end(), value) == found.end()) found.push_back(value);
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
      indexed.shares.push_back({&share, object, Condition(share.when)});
      objects_[share.dataset.str()] = object;
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
      const std::string& dataset = indexed.share->dataset.str();
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

const GateIndex::Found& GateIndex::Serving(std::string_view partner, std::string_view dataset,
                                           std::string_view purpose) const {
  static const Found kNone;
  const auto found = serving_.find(Key(partner, dataset, purpose).text());
  return found == serving_.end() ? kNone : found->second;
}

const GateIndex::Found& GateIndex::Sharing(std::string_view dataset) const {
  static const Found kNone;
  const auto found = sharing_.find(dataset);
  return found == sharing_.end() ? kNone : found->second;
}

}  // namespace concordat::sharing

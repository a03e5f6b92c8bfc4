#include "host/flows/materials.h"

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/flows/denial.h"
#include "host/flows/references.h"
#include "host/quality/list_file.h"
#include "host/sharing/lookup.h"
#include "host/sharing/output_shape.h"

namespace concordat::flows {
namespace {

int64_t DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

absl::StatusOr<std::shared_ptr<const quality::ReferenceTable>> TableOf(
    const HostParts& host, const policy::PolicySet& policies, const sharing::ResolvedLookup& lookup) {
  if (lookup.list.empty()) return DatasetTable(*host.store, policies, lookup.dataset);
  const auto list = policies.lists.find(lookup.list);
  if (list == policies.lists.end())
    return absl::FailedPreconditionError(fmt::format("the list file {} is not there", lookup.list));
  return quality::ReadListFile(list->second.content, list->second.path);
}

absl::StatusOr<std::shared_ptr<const sharing::LookupTable>> ReadLookup(
    const HostParts& host, const policy::PolicySet& policies, const sharing::ResolvedLookup& lookup) {
  absl::StatusOr<std::shared_ptr<const quality::ReferenceTable>> table = TableOf(host, policies, lookup);
  if (!table.ok()) return absl::FailedPreconditionError(std::string(MessageOf(table.status())));
  const auto key = quality::FindListColumn(**table, lookup.key);
  const auto value = quality::FindListColumn(**table, lookup.value);
  if (!key || !value) {
    return absl::FailedPreconditionError(fmt::format("the table {} has no columns {} and {}",
                                                     lookup.list.empty() ? lookup.dataset.str() : lookup.list,
                                                     lookup.key, lookup.value));
  }
  auto read = std::make_shared<sharing::LookupTable>();
  const data::TextColumn& keys = *(*table)->columns[*key];
  const data::TextColumn& values = *(*table)->columns[*value];
  for (size_t row = 0; row < keys.rows(); ++row)
    read->values.emplace(std::string(keys.at(row)), std::string(values.at(row)));
  return read;
}

absl::StatusOr<sharing::PseudonymKey> KeyOf(const HostParts& host, const policy::SharingProtocol& protocol,
                                            const sharing::PseudonymKey* instead) {
  if (instead != nullptr) return *instead;
  const auto key = host.store->PseudonymKey(protocol.id);
  if (key.ok()) return sharing::PseudonymKey{key->first, key->second};
  return DeniedFor("key_unavailable", "the host's administrator restores the protocol's key",
                   absl::FailedPreconditionError(fmt::format("the pseudonym key of {} is not to be had: {}",
                                                             protocol.id.str(), MessageOf(key.status()))));
}

}  // namespace

absl::StatusOr<sharing::Materials> GatherMaterials(const HostParts& host, const policy::PolicySet& policies,
                                                   const policy::SharingProtocol& protocol,
                                                   const policy::Share& share, absl::Time now,
                                                   const sharing::PseudonymKey* instead) {
  sharing::Materials materials;
  materials.year_start_month = policies.partnership.year_start_month;
  materials.year_start_day = policies.partnership.year_start_day;
  const policy::ContractObject* object = policies.FindDataset(share.dataset).second;
  if (object == nullptr) return absl::FailedPreconditionError("the dataset has no contract");
  for (const sharing::ShapedField& shaped : sharing::ShapedFields(share)) {
    const policy::FieldDuty& duty = *shaped.duty;
    if (duty.duty == "pseudonymise") {
      ASSIGN_OR_RETURN(const sharing::PseudonymKey key, KeyOf(host, protocol, instead));
      materials.key = sharing::KeyInUse(key, duty.terms.rotate, protocol.validity.from, DayOf(now));
    }
    if (!duty.terms.via.present() || materials.lookups.contains(sharing::LookupName(duty))) continue;
    ASSIGN_OR_RETURN(const sharing::ResolvedLookup lookup,
                     sharing::ResolveLookup(policies, duty, *object->schema));
    ASSIGN_OR_RETURN(materials.lookups[sharing::LookupName(duty)], ReadLookup(host, policies, lookup));
  }
  return materials;
}

}  // namespace concordat::flows

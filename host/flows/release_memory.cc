#include "host/flows/release_memory.h"

#include "fmt/format.h"
#include "host/base/seal.h"
#include "host/sharing/lookup.h"
#include "host/sharing/output_shape.h"

namespace concordat::flows {
namespace {

// ACRO's users compare a year's releases; a month more, so that last year's same month is among them.
constexpr absl::Duration kDefaultWindow = absl::Hours(24 * 396);
constexpr const char* kSecretName = "/releases";  // no protocol can have this id

absl::StatusOr<std::string> SealKey(const HostParts& host) {
  ASSIGN_OR_RETURN(const auto secret, host.store->PseudonymKey(ProtocolId(kSecretName)));
  return secret.second;
}

std::string ContextOf(const std::string& receipt, const std::string& figures) {
  return receipt + '\n' + figures;
}

json::Value TableJson(const sharing::CountTable& table) {
  json::Array cells;
  for (const sharing::CountCell& cell : table.cells) {
    json::Array key;
    for (const std::string& part : cell.key) key.emplace_back(part);
    cells.push_back(json::Array{std::move(key), cell.count, cell.suppressed});
  }
  json::Array dimensions;
  for (const std::string& name : table.dimensions) dimensions.emplace_back(name);
  return json::Object{{"dimensions", std::move(dimensions)}, {"cells", std::move(cells)}};
}

// Only ever what TableJson wrote: it was sealed.
sharing::CountTable TableOf(const json::Value& value) {
  sharing::CountTable table;
  for (const json::Value& name : value.at("dimensions").as_array())
    table.dimensions.emplace_back(name.as_string());
  for (const json::Value& item : value.at("cells").as_array()) {
    sharing::CountCell cell;
    for (const json::Value& part : item.at(0).as_array()) cell.key.emplace_back(part.as_string());
    cell.count = item.at(1).to_number<int64_t>();
    cell.suppressed = item.at(2).as_bool();
    table.cells.push_back(std::move(cell));
  }
  return table;
}

}  // namespace

std::string FiguresOf(const policy::SharingProtocol&, const policy::Share& share) {
  json::Array keys;
  for (const sharing::ShapedField& key : sharing::ShapedFields(share)) {
    const policy::DutyTerms& terms = key.duty->terms;
    keys.push_back(
        json::Array{key.name, key.duty->field, key.duty->duty, terms.to, terms.via.table, terms.width});
  }
  json::Array givers;
  for (const PartnerId& partner : share.from) givers.emplace_back(partner.str());
  return json::Canonical(
      json::Object{{"by", std::move(keys)}, {"rows", share.rows}, {"from", std::move(givers)}});
}

absl::StatusOr<std::vector<sharing::EarlierTable>> EarlierReleases(const ReleaseJob& job,
                                                                   const std::string& figures) {
  std::vector<sharing::EarlierTable> earlier;
  if (!job.share->small_counts) return earlier;
  const absl::Duration window =
      job.share->differencing ? absl::Seconds(job.share->differencing->window.Seconds()) : kDefaultWindow;
  ASSIGN_OR_RETURN(
      const std::vector<store::RememberedRelease> releases,
      job.host->store->Releases(job.request.partner, job.share->dataset, figures, job.request.time - window));
  ASSIGN_OR_RETURN(const std::string key, SealKey(*job.host));
  for (const store::RememberedRelease& release : releases) {
    ASSIGN_OR_RETURN(const std::string text,
                     OpenSealed(key, release.sealed, ContextOf(release.receipt, figures)));
    ASSIGN_OR_RETURN(const json::Value table, json::Parse(text));
    earlier.push_back({TableOf(table), release.receipt});
  }
  return earlier;
}

absl::Status RememberRelease(const ReleaseJob& job, const std::string& receipt,
                             const ReleaseFigures& figures) {
  if (!figures.counts || !job.share->small_counts) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string key, SealKey(*job.host));
  const std::string sealed =
      Seal(key, json::Compact(TableJson(*figures.counts)), ContextOf(receipt, figures.figures));
  return job.host->store->RememberRelease(
      {receipt, job.request.partner, job.share->dataset, figures.figures, job.request.time, sealed});
}

}  // namespace concordat::flows

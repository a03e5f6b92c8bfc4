#include "host/store/sqlite/key_ring.h"

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/base/random.h"
#include "host/base/seal.h"

namespace concordat::store {
namespace {

constexpr char kCheckText[] = "concordat";
constexpr char kCheckPlace[] = "concordat store key check";

std::string PlaceOf(const DatasetId& dataset) {
  return fmt::format("concordat dataset key {}", dataset.str());
}
std::string PlaceOf(std::string_view dataset, const SubmissionId& id) {
  return fmt::format("concordat attempt key {} {}", id.str(), dataset);
}

absl::StatusOr<std::string> ReadBytes(Connection& control, std::string_view sql,
                                      const std::string& parameter) {
  Query query = control.Prepare(sql);
  query.Bind(parameter);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  return found ? query.String(0) : std::string();
}

absl::StatusOr<std::string> Unwrapped(std::string_view key, std::string_view sealed, std::string_view place) {
  absl::StatusOr<std::string> text = OpenSealed(key, sealed, place);
  if (text.ok()) return text;
  return absl::DataLossError(
      fmt::format("control.db: the wrapped key \"{}\" was changed; restore a backup", place));
}

}  // namespace

absl::Status KeyRing::Check() {
  return control_.Write([&](Connection& control) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string check,
                     ReadBytes(control, "SELECT sealed FROM key_check WHERE ? = ''", ""));
    if (check.empty()) {
      return control.Prepare("INSERT INTO key_check VALUES (1, ?)")
          .BindBytes(Seal(host_key_, kCheckText, kCheckPlace))
          .Run();
    }
    if (OpenSealed(host_key_, check, kCheckPlace).ok()) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "the store key does not open this store: it was sealed with another one. Put back the key file that "
        "belongs to this data folder (store_key), or the data folder that belongs to this key");
  });
}

absl::StatusOr<std::string> KeyRing::DatasetKey(Connection& control, const DatasetId& dataset) const {
  ASSIGN_OR_RETURN(const std::string wrapped,
                   ReadBytes(control, "SELECT key FROM dataset_keys WHERE dataset = ?", dataset.str()));
  if (!wrapped.empty()) return Unwrapped(host_key_, wrapped, PlaceOf(dataset));
  std::string key = RandomBytes(kSealKeyBytes);
  RETURN_IF_ERROR(control.Prepare("INSERT INTO dataset_keys VALUES (?, ?)")
                      .Bind(dataset.str())
                      .BindBytes(Seal(host_key_, key, PlaceOf(dataset)))
                      .Run());
  return key;
}

absl::Status KeyRing::Keep(Connection& control, const DatasetId& dataset, const SubmissionId& id,
                           const AttemptSeal& seal) const {
  ASSIGN_OR_RETURN(const std::string dataset_key, DatasetKey(control, dataset));
  return control.Prepare("INSERT OR REPLACE INTO attempt_keys VALUES (?, ?, ?)")
      .Bind(id.str())
      .Bind(dataset.str())
      .BindBytes(Seal(dataset_key, seal.key(), PlaceOf(dataset.str(), id)))
      .Run();
}

absl::StatusOr<std::shared_ptr<const AttemptSeal>> KeyRing::Find(const SubmissionId& id) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::shared_ptr<const AttemptSeal>> {
    Query query = control.Prepare(
        "SELECT dataset, a.key, d.key FROM attempt_keys a JOIN dataset_keys d USING (dataset) WHERE attempt "
        "= ?");
    query.Bind(id.str());
    ASSIGN_OR_RETURN(const bool found, query.Next());
    if (!found) return nullptr;
    const DatasetId dataset(query.Text(0));
    ASSIGN_OR_RETURN(const std::string dataset_key, Unwrapped(host_key_, query.Text(2), PlaceOf(dataset)));
    ASSIGN_OR_RETURN(std::string key, Unwrapped(dataset_key, query.Text(1), PlaceOf(dataset.str(), id)));
    return std::make_shared<const AttemptSeal>(std::move(key));
  });
}

absl::Status KeyRing::Destroy(Connection& control, const SubmissionId& id) {
  return control.Prepare("DELETE FROM attempt_keys WHERE attempt = ?").Bind(id.str()).Run();
}

std::string KeyRing::SealSecret(std::string_view secret, std::string_view name) const {
  return Seal(host_key_, secret, fmt::format("secret {}", name));
}

absl::StatusOr<std::string> KeyRing::OpenSecret(std::string_view sealed, std::string_view name) const {
  return OpenSealed(host_key_, sealed, fmt::format("secret {}", name));
}

std::string KeyRing::KeyedHash(std::string_view text) const {
  return HexEncode(HmacSha256(DerivedKey(host_key_, "keyed hash"), text));
}

}  // namespace concordat::store

#include "host/flows/restore.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "host/audit/signer.h"
#include "host/audit/verify.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/base/files.h"
#include "host/base/ids.h"
#include "host/base/json.h"
#include "host/base/sealed_blocks.h"
#include "host/flows/backup_archive.h"
#include "host/policy/reader.h"
#include "host/store/administration.h"
#include "host/store/store.h"

namespace concordat::flows {
namespace {

constexpr size_t kReceiptsVerified = 1000;
constexpr char kUnpacking[] = ".restoring-";

absl::StatusOr<std::string> StoreKeyIn(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(folder + "/keys/store.key", 4096));
  const auto trimmed = absl::StripAsciiWhitespace(text);
  const auto key = Base64Decode({trimmed.data(), trimmed.size()});
  if (key) return *key;
  return absl::DataLossError("the store key of the backup cannot be read");
}

absl::StatusOr<std::string> TextOrEmpty(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  return absl::IsNotFound(text.status()) ? std::string() : text;
}

// Returns its leaves.
absl::StatusOr<uint64_t> CheckLog(const std::string& folder, std::string& public_key) {
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(folder + "/keys/host-signing.key"));
  ASSIGN_OR_RETURN(const audit::Signer signer, audit::Signer::FromPem(pem));
  public_key = signer.PublicKey();
  const std::string log = folder + "/data/audit/";
  ASSIGN_OR_RETURN(const std::string leaves, ReadFile(log + "leaves.log"));
  ASSIGN_OR_RETURN(const std::string checkpoint, ReadFile(log + "checkpoint"));
  ASSIGN_OR_RETURN(const std::string history, TextOrEmpty(log + "checkpoints.log"));
  ASSIGN_OR_RETURN(const audit::Checkpoint opened,
                   audit::VerifyLogFile(leaves, checkpoint, public_key, history));
  return opened.size;
}

absl::StatusOr<uint64_t> CheckReceipts(const store::Store& store, const std::string& public_key,
                                       uint64_t leaves) {
  ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> receipts,
                   store.ListReceipts(std::nullopt, kReceiptsVerified));
  for (const store::StoredReceipt& stored : receipts) {
    if (stored.leaf_index >= leaves)
      return absl::DataLossError(fmt::format("receipt {} is not in the log of the backup", stored.id));
    ASSIGN_OR_RETURN(const record::Receipt receipt, record::ReceiptFromJson(stored.receipt));
    RETURN_IF_ERROR(Annotate(audit::VerifyReceipt(receipt, public_key).status(), "receipt " + stored.id));
  }
  return receipts.size();
}

absl::StatusOr<std::string> DigestOfSource(int fd, const std::string& key, uint64_t plain_bytes) {
  Sha256Stream digest;
  std::string buffer(size_t{1} << 20, '\0');
  for (uint64_t offset = 0; offset < plain_bytes;) {
    uint64_t count = 0;
    if (key.empty()) {
      const ssize_t got = pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(offset));
      if (got <= 0) return absl::DataLossError("it is cut off");
      count = static_cast<uint64_t>(got);
    } else {
      ASSIGN_OR_RETURN(count, ReadSealedBlocks(fd, key, plain_bytes, offset, buffer.data(), buffer.size()));
    }
    digest.Update(std::string_view(buffer.data(), count));
    offset += count;
  }
  return DigestText(digest.Finish());
}

// Every kept source, opened as a reader of findings would.
absl::StatusOr<uint64_t> CheckSources(const std::string& folder, const store::Store& store,
                                      const std::vector<store::Attempt>& attempts) {
  uint64_t sources = 0;
  for (const store::Attempt& attempt : attempts) {
    ASSIGN_OR_RETURN(const std::string key, store.SourceKey(attempt.id));
    if (!attempt.mends.empty()) continue;
    const auto fd = OpenForReading(fmt::format("{}/data/sources/{}", folder, attempt.id.str()));
    if (!fd.ok()) continue;  // no longer kept
    ++sources;
    struct stat facts;
    if (fstat(fd->get(), &facts) != 0) return ErrnoStatus(errno, "look at a source");
    const bool plain = static_cast<uint64_t>(facts.st_size) == attempt.source_bytes;
    const auto digest = DigestOfSource(fd->get(), plain ? "" : key, attempt.source_bytes);
    RETURN_IF_ERROR(Annotate(digest.status(), "the source of " + attempt.id.str()));
    if (*digest != attempt.source_digest)
      return absl::DataLossError(
          fmt::format("the source of {} is not the one that was submitted", attempt.id.str()));
  }
  return sources;
}

absl::StatusOr<json::Object> UnpackInto(const std::string& file, const std::string& passphrase,
                                        const std::string& folder, const UnpackProgress& progress) {
  ASSIGN_OR_RETURN(const FileDescriptor fd, OpenForReading(file));
  ASSIGN_OR_RETURN(ArchiveReader reader, ArchiveReader::Open(fd.get(), file, passphrase, folder));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) break;
    if (progress) progress(reader.unpacked_bytes());
  }
  json::Object manifest = reader.manifest();
  ASSIGN_OR_RETURN(const json::Object checked, CheckUnpacked(folder));
  for (const auto& member : checked) manifest[member.key()] = member.value();
  return manifest;
}

absl::Status RequireFree(const std::string& path, std::string_view what) {
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) return absl::OkStatus();
  if (std::filesystem::is_directory(path, error) && std::filesystem::is_empty(path, error))
    return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "{} is there and not empty: {} goes only where nothing is, so that no other host is overwritten. "
      "Choose another folder or move it away",
      path, what));
}

// What a restore that was killed left: it holds every key of the host.
void RemoveBrokenOff(const std::string& target) {
  const std::filesystem::path path(target);
  const std::string begin = path.filename().string() + kUnpacking;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.compare(0, begin.size(), begin) == 0) std::filesystem::remove_all(entry.path(), ignored);
  }
}

// Keys that say where things lie, with what is indented below them.
bool IsPlaceKey(std::string_view line) {
  for (const std::string_view key :
       {"data_dir:", "policies:", "socket:", "signing_key:", "store_key:", "tls:"}) {
    if (line.substr(0, key.size()) == key) return true;
  }
  return false;
}

// `trust` with the keys that the backup holds; empty when it holds none (it was made before they were taken
// along, or there are none): then the line stays what it was. `settings` is where they lie now.
std::string TrustFor(const std::string& before, const std::string& settings, const std::string& restored) {
  Issues issues;
  const policy::Node trust = policy::ReadYaml(
      std::make_shared<const SourceText>(SourceText{"concordat.yaml", before}), issues)["trust"];
  json::Array keys;
  for (size_t i = 0; i < trust["keys"].items().size(); ++i) {
    const std::string name = fmt::format("/trust-{}.pub", i + 1);
    std::error_code error;
    if (!std::filesystem::exists(settings + name, error)) return "";
    keys.emplace_back(restored + name);
  }
  if (keys.empty()) return "";
  json::Array names;
  for (const policy::Node& name : trust["unsigned"].items()) names.emplace_back(name.text());
  const std::string unsigned_ones = names.empty() ? "" : fmt::format(", unsigned: {}", json::Compact(names));
  return fmt::format("trust: {{keys: {}{}}}\n", json::Compact(keys), unsigned_ones);
}

// The settings as they were, but for the places; the rest stays word for word.
std::string SettingsFor(std::string_view before, const std::string& trust, const std::string& data_dir,
                        const std::string& restored) {
  std::string text = fmt::format(
      "# Restored from a backup. Where things lie is set below; look over what other paths there are.\n"
      "data_dir: {0}\nstore_key: {0}.key\nsigning_key: {0}/host-signing.key\npolicies: {1}/policies\n"
      "tls: {{cert: {1}/host.crt, key: {1}/host.key, client_ca: {1}/ca.crt}}\n",
      data_dir, restored);
  text += trust;
  bool dropping = false;
  while (!before.empty()) {
    const size_t end = before.find('\n');
    const std::string_view line = before.substr(0, end);
    before = end == std::string_view::npos ? std::string_view() : before.substr(end + 1);
    const bool indented = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (!indented) dropping = IsPlaceKey(line) || (!trust.empty() && line.substr(0, 6) == "trust:");
    if (!dropping) text += std::string(line) + "\n";
  }
  return text;
}

absl::Status Move(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return ErrnoStatus(errno, fmt::format("move to {}", to));
}

// What stands beside the data goes first: a data folder that is there is whole.
absl::Status PutInPlace(const std::string& unpacked, const std::string& data_dir) {
  const std::string restored = data_dir + ".restored";
  const std::string settings = unpacked + "/settings";
  RETURN_IF_ERROR(MakeFolders(settings, 0700));
  ASSIGN_OR_RETURN(const std::string before, TextOrEmpty(settings + "/concordat.yaml"));
  const std::string trust = TrustFor(before, settings, restored);
  std::error_code error;
  std::filesystem::rename(settings + "/concordat.yaml", settings + "/concordat.yaml.before", error);
  RETURN_IF_ERROR(WriteFileAtomically(settings + "/concordat.yaml",
                                      SettingsFor(before, trust, data_dir, restored), 0600));
  RETURN_IF_ERROR(Move(unpacked + "/policies", settings + "/policies"));
  const std::string signing_key = unpacked + "/data/host-signing.key";
  std::filesystem::remove(signing_key, error);
  RETURN_IF_ERROR(Move(unpacked + "/keys/host-signing.key", signing_key));
  sync();  // once, instead of every file by itself
  RETURN_IF_ERROR(Move(settings, restored));
  RETURN_IF_ERROR(Move(unpacked + "/keys/store.key", data_dir + ".key"));
  return Move(unpacked + "/data", data_dir);
}

}  // namespace

absl::StatusOr<json::Object> CheckUnpacked(const std::string& folder) {
  const std::string store_folder = folder + "/data/store";
  RETURN_IF_ERROR(store::CheckStoreIntegrity(store_folder));
  ASSIGN_OR_RETURN(const store::StoreContents contents,
                   store::ContentsOfControl(store_folder + "/control.db"));
  std::string public_key;
  const absl::StatusOr<uint64_t> leaves = CheckLog(folder, public_key);
  RETURN_IF_ERROR(Annotate(leaves.status(), "the audit log of the backup"));
  ASSIGN_OR_RETURN(const std::string key, StoreKeyIn(folder));
  ASSIGN_OR_RETURN(const auto store, store::OpenSqliteStore(store_folder, key));
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, store->List({.brief = true}));
  ASSIGN_OR_RETURN(const uint64_t verified, CheckReceipts(*store, public_key, *leaves));
  ASSIGN_OR_RETURN(const uint64_t sources, CheckSources(folder, *store, attempts));
  uint64_t current = 0;
  for (const store::Attempt& attempt : attempts) current += attempt.state == "current" ? 1 : 0;
  return json::Object{
      {"submissions", contents.submissions}, {"current", current}, {"receipts", contents.receipts},
      {"receiptsVerified", verified},        {"leaves", *leaves},  {"sources", sources}};
}

absl::StatusOr<json::Object> VerifyBackup(const std::string& file, const std::string& passphrase,
                                          const UnpackProgress& progress) {
  ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::Create());
  return UnpackInto(file, passphrase, folder.path(), progress);
}

absl::StatusOr<json::Object> RestoreBackup(const std::string& file, const std::string& passphrase,
                                           const std::string& data_dir, const UnpackProgress& progress) {
  std::error_code error;
  std::string target = std::filesystem::absolute(data_dir, error).lexically_normal().string();
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  for (const char* part : {"", ".key", ".restored"})
    RETURN_IF_ERROR(RequireFree(target + part, "a restored host"));
  RemoveBrokenOff(target);
  const std::string unpacked = target + kUnpacking + NewRandomId("");
  RETURN_IF_ERROR(MakeFolders(unpacked, 0700));
  absl::StatusOr<json::Object> result = UnpackInto(file, passphrase, unpacked, progress);
  absl::Status status = result.status();
  if (status.ok()) status = PutInPlace(unpacked, target);
  std::filesystem::remove_all(unpacked, error);
  RETURN_IF_ERROR(status);
  (*result)["dataDir"] = target;
  (*result)["storeKey"] = target + ".key";
  (*result)["settings"] = target + ".restored/concordat.yaml";
  return result;
}

}  // namespace concordat::flows

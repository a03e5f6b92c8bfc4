#include "host/adapters/worker_job.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "fmt/format.h"
#include "host/adapters/failure.h"
#include "host/base/digest.h"

namespace concordat::adapters {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kLeastSlot = 64 * 1024;
constexpr uint64_t kBatchRows = 4096;
constexpr uint64_t kLeastBatchRows =
    256;  // a small file asks for little memory: most of a short run would be page faults
constexpr uint64_t kLikelyRowBytes = 32;
constexpr uint64_t kBatchBytes = 1 << 20;  // batches that stay within a core's cache pass through fastest
constexpr size_t kLargestLibrary = size_t{256} << 20;
constexpr size_t kLargestColumn = size_t{1} << 31;  // Arrow's utf8 counts in int32

/// The corrections as columns; the job's views point into it.
struct CorrectionTable {
  std::vector<data::TextColumn> cells;
  std::vector<uint64_t> records;
  std::vector<uint64_t> lines;
  std::vector<uint8_t> drop;

  static absl::StatusOr<CorrectionTable> From(const CorrectionSet& set) {
    CorrectionTable table;
    table.cells.resize(set.columns.size());
    table.lines.resize(set.corrections.size());
    for (const Correction& correction : set.corrections) {
      if (!correction.drop && correction.cells.size() != set.columns.size()) {
        return absl::InvalidArgumentError(fmt::format("the mended record {} has {} cells for {} columns",
                                                      correction.record, correction.cells.size(),
                                                      set.columns.size()));
      }
      if (!table.records.empty() && correction.record <= table.records.back()) {
        return absl::InvalidArgumentError(
            fmt::format("record {} is mended twice, or mended records are not in order", correction.record));
      }
      table.records.push_back(correction.record);
      table.drop.push_back(correction.drop ? 1 : 0);
      for (size_t i = 0; i < table.cells.size(); ++i) {
        table.cells[i].Append(correction.drop ? std::string_view() : std::string_view(correction.cells[i]));
      }
    }
    return table;
  }
};

absl::Status AddReferences(const Request& request, data::WorkerJob& job) {
  for (const auto& [name, table] : request.references) {
    data::WorkerReference reference;
    reference.name = name;
    for (const auto& column : table.columns) {
      if (column->bytes.size() >= kLargestColumn) {
        return absl::ResourceExhaustedError(
            fmt::format("column \"{}\" of reference table \"{}\" is larger than 2 GiB", column->name, name));
      }
      if (column->rows() != table.rows()) {
        return absl::InternalError(fmt::format("reference table \"{}\" has columns of unequal length", name));
      }
      reference.columns.push_back(column->name);
    }
    reference.table = data::ViewOf(table);
    reference.table.unreadable = {};
    job.references.push_back(std::move(reference));
  }
  return absl::OkStatus();
}

void AddManifest(const Request& request, data::WorkerJob& job) {
  job.options = request.options;
  for (const ManifestRule& rule : request.manifest->rules) job.rules.push_back(rule.id);
  job.dimensions = request.manifest->dimensions;
}

}  // namespace

uint64_t SlotBytes(const Limits& limits) {
  return (std::max(limits.batch_bytes, kLeastSlot) + kPage - 1) / kPage * kPage;
}

absl::StatusOr<MemoryFile> SealJob(const Request& request) {
  data::WorkerJob job;
  job.slots = kSlots;
  job.slot_bytes = SlotBytes(request.limits);
  job.memory_bytes = request.limits.memory_bytes;
  job.cpu_seconds = static_cast<uint64_t>(
      std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(request.limits.total, absl::Seconds(1)))));
  job.required = request.limits.sandbox.required;
  job.batch_bytes = std::min(kBatchBytes, job.slot_bytes / 2);
  job.source_name = request.source_name;
  job.unpack = request.unpack;
  struct stat about;
  if (fstat(request.source_fd, &about) != 0) return ErrnoStatus(errno, "look at the source");
  job.source_size = request.source_key.empty() ? static_cast<uint64_t>(about.st_size) : request.source_bytes;
  job.source_key = request.source_key;
  job.batch_rows = std::clamp(job.source_size / kLikelyRowBytes, kLeastBatchRows, kBatchRows);
  if (request.limits.batch_rows > 0) job.batch_rows = request.limits.batch_rows;
  AddManifest(request, job);
  RETURN_IF_ERROR(AddReferences(request, job));
  ASSIGN_OR_RETURN(const CorrectionTable corrections, CorrectionTable::From(request.corrections));
  job.corrections.columns = request.corrections.columns;
  job.corrections.drop = corrections.drop;
  for (const data::TextColumn& column : corrections.cells) {
    job.corrections.cells.columns.push_back({column.offsets.data(), column.bytes.data()});
  }
  job.corrections.cells.records = corrections.records;
  job.corrections.cells.lines = corrections.lines;

  data::WireWriter counter;
  data::WriteJob(job, counter);
  ASSIGN_OR_RETURN(MemoryFile file, MemoryFile::Create("concordat-job", counter.size()));
  {
    ASSIGN_OR_RETURN(const Mapping mapping, file.MapForWriting());
    data::WireWriter out(mapping.start());
    data::WriteJob(job, out);
  }
  RETURN_IF_ERROR(file.SealContent());
  return file;
}

absl::StatusOr<std::shared_ptr<const MemoryFile>> SealedLibrary::Of(const Manifest& manifest) {
  const std::lock_guard lock(mutex_);
  if (copy_ != nullptr) return copy_;
  const std::string path = manifest.folder + "/" + manifest.library;
  const auto bytes = ReadFile(path, kLargestLibrary);
  if (!bytes.ok())
    return absl::AbortedError(fmt::format("its library could not be read: {}", MessageOf(bytes.status())));
  if (const std::string digest = DigestOf(*bytes); digest != manifest.digest) {
    return absl::AbortedError(
        fmt::format("its library has changed since its manifest was read ({} is {}, not {}); the "
                    "administrator has the adapters read again: concordat adapter reload",
                    path, digest, manifest.digest));
  }
  ASSIGN_OR_RETURN(MemoryFile copy, SealedCopy("concordat-adapter", *bytes));
  copy_ = std::make_shared<const MemoryFile>(std::move(copy));
  return copy_;
}

absl::StatusOr<std::shared_ptr<const MemoryFile>> SealLibrary(const Manifest& manifest) {
  if (!manifest.unfit.empty()) {
    return WithFailure(absl::AbortedError(fmt::format("adapter {} {} failed: {}", manifest.name,
                                                      manifest.version, manifest.unfit)),
                       {manifest.name, manifest.version, FailureKind::kRefused, manifest.unfit});
  }
  return manifest.sealed != nullptr ? manifest.sealed->Of(manifest) : SealedLibrary().Of(manifest);
}

}  // namespace concordat::adapters

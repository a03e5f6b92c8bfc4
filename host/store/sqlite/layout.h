// Where everything lies below the store's folder, in one place:
//   lock                           held by the one process that has the store open
//   control.db                     everything but rows
//   staging/<attempt>.db           being written; thrown away at the next start
//   datasets/<dataset>/<attempt>.db  sealed and never changed again; counts only when control.db names it
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "host/base/files.h"
#include "host/base/ids.h"
#include "host/base/status.h"

namespace concordat::store {

/// Names of files of one store. Immutable, thread-safe.
class Layout {
 public:
  explicit Layout(std::string folder) : folder_(std::move(folder)) {}

  std::string ControlPath() const { return folder_ + "/control.db"; }
  std::string StagingPath(const SubmissionId& id) const;
  /// Relative to the folder, as control.db names it: "datasets/street_crime/S-0123456789abcdef.db".
  std::string SealedName(const DatasetId& dataset, const SubmissionId& id) const;
  /// The same with a new part, for a file that takes another's place.
  std::string RenewedName(const DatasetId& dataset, const SubmissionId& id) const;
  std::string Absolute(std::string_view relative) const { return folder_ + "/" + std::string(relative); }

  /// Makes the folders, readable by the host's user only.
  absl::Status MakeAll() const;
  /// The exclusive right to this folder until the descriptor is closed; Unavailable when another process has
  /// it.
  absl::StatusOr<FileDescriptor> Lock() const;
  /// Makes a staged file durable under its sealed name.
  absl::Status Seal(const SubmissionId& id, const std::string& sealed_name) const;
  /// Removes a sealed file that control.db names no more.
  absl::Status RemoveSealed(const std::string& sealed_name) const;
  /// Removes whatever is staged, and every sealed file that `published` does not know by its relative name.
  absl::Status Sweep(const std::function<bool(const std::string&)>& published) const;

 private:
  const std::string folder_;
};

/// A name as one path component: letters, digits, '_' and '-' stand for themselves, '/' becomes '.', every
/// other byte "~XX".
std::string SafeName(std::string_view name);

}  // namespace concordat::store

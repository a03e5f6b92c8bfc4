// What a store that is not open consists of, and whether it is whole.
#include <unistd.h>

#include "fmt/format.h"
#include "host/store/administration.h"
#include "host/store/sqlite/connection.h"
#include "host/store/sqlite/layout.h"

namespace concordat::store {
namespace {

absl::StatusOr<std::vector<std::string>> Texts(Connection& control, std::string_view sql) {
  std::vector<std::string> texts;
  Query query = control.Prepare(sql);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return texts;
    texts.push_back(query.String(0));
  }
}

absl::Status CheckFile(const std::string& path, Connection::Mode mode) {
  ASSIGN_OR_RETURN(const auto file, Connection::Open(path, mode));
  ASSIGN_OR_RETURN(const std::vector<std::string> said, Texts(*file, "PRAGMA integrity_check(3)"));
  if (said.size() == 1 && said.front() == "ok") return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("{} is damaged: {}", path, said.empty() ? "no answer" : said.front()));
}

}  // namespace

absl::StatusOr<StoreContents> ContentsOfControl(const std::string& control_path) {
  ASSIGN_OR_RETURN(const auto control, Connection::Open(control_path, Connection::Mode::kImmutable));
  StoreContents contents;
  ASSIGN_OR_RETURN(contents.files,
                   Texts(*control, "SELECT file FROM attempts WHERE file IS NOT NULL ORDER BY sequence"));
  ASSIGN_OR_RETURN(contents.attempts, Texts(*control, "SELECT id FROM attempts ORDER BY sequence"));
  ASSIGN_OR_RETURN(const int64_t submissions,
                   control->ReadInteger("SELECT count(*) FROM attempts WHERE state <> 'rejected'"));
  ASSIGN_OR_RETURN(const int64_t receipts, control->ReadInteger("SELECT count(*) FROM receipts"));
  ASSIGN_OR_RETURN(contents.version, control->ReadInteger("PRAGMA user_version"));
  contents.submissions = static_cast<uint64_t>(submissions);
  contents.receipts = static_cast<uint64_t>(receipts);
  return contents;
}

absl::Status CheckStoreIntegrity(const std::string& folder) {
  const Layout layout(folder);
  RETURN_IF_ERROR(CheckFile(layout.ControlPath(), Connection::Mode::kImmutable));
  ASSIGN_OR_RETURN(const StoreContents contents, ContentsOfControl(layout.ControlPath()));
  for (const std::string& file : contents.files) {
    if (access(layout.Absolute(file).c_str(), F_OK) != 0)
      return absl::DataLossError(
          fmt::format("{} is missing, and control.db names it", layout.Absolute(file)));
    RETURN_IF_ERROR(CheckFile(layout.Absolute(file), Connection::Mode::kImmutable));
  }
  return absl::OkStatus();
}

}  // namespace concordat::store

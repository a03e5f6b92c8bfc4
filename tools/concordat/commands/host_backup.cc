// concordat host backup, restore: everything of a host in one sealed file, and back.
#include <filesystem>

#include "concordat/v1/admin.grpc.pb.h"
#include "fmt/format.h"
#include "host/base/files.h"
#include "host/base/paper_code.h"
#include "host/base/sealed_stream.h"
#include "host/flows/restore.h"
#include "tools/concordat/commands/administration.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/source_file.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string file;
  std::string passphrase_file;
  std::string to;
  bool verify = false;
};

absl::StatusOr<std::string> PassphraseOf(const Options& options) {
  if (options.passphrase_file.empty()) {
    return absl::InvalidArgumentError(
        "name the file that holds the passphrase: --passphrase-file FILE (\"concordat host passphrase FILE\" "
        "makes one)");
  }
  const std::string path = options.passphrase_file == "-" ? "/dev/stdin" : options.passphrase_file;
  absl::StatusOr<std::string> text = ReadFile(path, 4096);
  if (absl::IsNotFound(text.status())) {
    return absl::NotFoundError(
        fmt::format("{}: there is no such file; \"concordat host passphrase {}\" makes one", path, path));
  }
  RETURN_IF_ERROR(text.status());
  ASSIGN_OR_RETURN(std::string passphrase, ReadPassphrase(*text));
  return passphrase;
}

int NewPassphrase(const Context& context, const Options& options) {
  const std::string code = NewPaperCode();
  const absl::Status made = CreateFile(options.file, code + "\n", 0600);
  if (!made.ok()) return Fail(made);
  if (context.json) {
    PrintJson(json::Object{{"file", options.file}, {"passphrase", code}});
    return kFine;
  }
  fmt::print(
      "{}\n  in {} (only you may read it)\nWrite it on paper and keep that away from this machine: without "
      "it no backup "
      "opens, with it every one does.\nLetters and digits only; large or small, with or without hyphens; a "
      "slip of the "
      "pen is noticed.\n",
      code, options.file);
  return kFine;
}

absl::StatusOr<json::Value> AskForBackup(const Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const std::string passphrase, PassphraseOf(options));
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  v1::BackupRequest request;
  std::error_code error;
  request.set_file(std::filesystem::absolute(options.file, error).lexically_normal().string());
  request.set_passphrase(passphrase);
  const auto stub = v1::AdminService::NewStub(connection.channel);
  grpc::ClientContext call;
  const auto reader = stub->Backup(&call, request);
  Progress progress("backup");
  v1::BackupReply reply;
  std::string result;
  while (reader->Read(&reply)) {
    progress.Show(fmt::format("{} {} of {} MiB", reply.stage(), reply.done() >> 20, reply.total() >> 20));
    if (!reply.json().empty()) result = reply.json();
  }
  RETURN_IF_ERROR(FromGrpc(reader->Finish(), connection));
  return json::Parse(result);
}

void PrintContent(const json::Value& content) {
  fmt::print(
      "  submissions {} ({} current)\n  receipts    {} ({} verified)\n  log         {} leaves, as their "
      "signed "
      "checkpoint says\n  sources     {} kept files, opened and compared with their digests\n",
      Grouped(CountOf(content, "submissions")), Grouped(CountOf(content, "current")),
      Grouped(CountOf(content, "receipts")), Grouped(CountOf(content, "receiptsVerified")),
      Grouped(CountOf(content, "leaves")), Grouped(CountOf(content, "sources")));
}

int Backup(const Context& context, const Options& options) {
  if (options.file.empty())
    return Fail(absl::InvalidArgumentError("name the file: concordat host backup FILE"));
  const absl::StatusOr<json::Value> made = AskForBackup(context, options);
  if (!made.ok()) return Fail(made.status());
  if (context.json) {
    PrintJson(*made);
    return kFine;
  }
  fmt::print("backed up to {} ({} bytes, {})\nits restore was tried, and holds:\n",
             json::TextOr(*made, "file", ""), Grouped(CountOf(*made, "bytes")),
             json::TextOr(*made, "sha256", ""));
  PrintContent(*made);
  fmt::print("It holds every key of the host, sealed with the passphrase: keep the two apart.\n");
  return kFine;
}

int Verify(const Context& context, const Options& options) {
  const absl::StatusOr<std::string> passphrase = PassphraseOf(options);
  if (!passphrase.ok()) return Fail(passphrase.status());
  Progress progress("verify");
  const auto checked = flows::VerifyBackup(
      options.file, *passphrase, [&](uint64_t bytes) { progress.Show(fmt::format("{} MiB", bytes >> 20)); });
  if (!checked.ok()) return Fail(checked.status());
  if (context.json) {
    PrintJson(*checked);
    return kFine;
  }
  fmt::print("{} can be restored: it is {} as of {}, and holds:\n", options.file,
             json::TextOr(*checked, "host", ""), json::TextOr(*checked, "created", ""));
  PrintContent(*checked);
  return kFine;
}

int Restore(const Context& context, const Options& options) {
  const absl::StatusOr<std::string> passphrase = PassphraseOf(options);
  if (!passphrase.ok()) return Fail(passphrase.status());
  Progress progress("restore");
  const auto restored = flows::RestoreBackup(options.file, *passphrase, options.to, [&](uint64_t bytes) {
    progress.Show(fmt::format("{} MiB", bytes >> 20));
  });
  if (!restored.ok()) return Fail(restored.status());
  if (context.json) {
    PrintJson(*restored);
    return kFine;
  }
  fmt::print("restored {} as of {}:\n", json::TextOr(*restored, "host", ""),
             json::TextOr(*restored, "created", ""));
  PrintContent(*restored);
  fmt::print(
      "  data        {}\n  store key   {}\n  settings    {}\nGive them to the host's user (chown), look the "
      "settings over, then start it: "
      "concordatd "
      "--config {}\nWhat was submitted, revoked or erased after that time is not in it: revoke and erase "
      "again.\n",
      json::TextOr(*restored, "dataDir", ""), json::TextOr(*restored, "storeKey", ""),
      json::TextOr(*restored, "settings", ""), json::TextOr(*restored, "settings", ""));
  return kFine;
}

}  // namespace

void AddHostBackup(CLI::App& host, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* passphrase =
      AddVerb(host, context, "passphrase", "make a passphrase for backups that can be kept on paper",
              "  concordat host passphrase backup.passphrase",
              [&context, options] { return NewPassphrase(context, *options); });
  passphrase->add_option("FILE", options->file, "a new file, readable by you alone")->required();

  CLI::App* backup =
      AddVerb(host, context, "backup",
              "write everything of the running host into one sealed file, and try to restore it",
              "  concordat host backup /media/usb/derwent-2026-11-21.backup --passphrase-file "
              "backup.passphrase --host "
              "unix:data/run/concordat.sock\n"
              "  concordat host backup verify /media/usb/derwent-2026-11-21.backup --passphrase-file "
              "backup.passphrase",
              [&context, options] {
                return options->verify ? Verify(context, *options) : Backup(context, *options);
              });
  backup->add_option("FILE", options->file, "a new file on the host's machine, outside the data folder");
  backup->add_option("--passphrase-file", options->passphrase_file,
                     "holds what opens it again; - is standard input");
  CLI::App* verify = backup->add_subcommand("verify", "restore a backup on trial, without a host");
  verify->callback([options] { options->verify = true; });
  verify->add_option("FILE", options->file, "the backup")->required();
  verify->footer("Examples:\n  concordat host backup verify FILE --passphrase-file P");

  CLI::App* restore =
      AddVerb(host, context, "restore", "make a host of a backup, in a folder that is empty or not there",
              "  concordat host restore derwent-2026-11-21.backup --to /srv/concordat/data --passphrase-file "
              "backup.passphrase",
              [&context, options] { return Restore(context, *options); });
  restore->add_option("FILE", options->file, "the backup")->required();
  restore->add_option("--to", options->to, "the new data folder; .key and .restored are made beside it")
      ->required();
  restore->add_option("--passphrase-file", options->passphrase_file,
                      "holds what opens it; - is standard input");
}

}  // namespace concordat::cli

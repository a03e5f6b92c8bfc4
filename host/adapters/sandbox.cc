#include "host/adapters/sandbox.h"

#include <sys/socket.h>

#include <array>

#include "fmt/format.h"
#include "host/adapters/memory_file.h"
#include "host/adapters/worker_process.h"

namespace concordat::adapters {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr uint64_t kProbeRing = 4096;

struct Layer {
  const char* word;
  uint32_t bit;
};
constexpr std::array<Layer, 4> kLayers = {{{"seccomp", data::kSeccompLayer},
                                           {"landlock", data::kLandlockLayer},
                                           {"rlimits", data::kRlimitsLayer},
                                           {"namespaces", data::kNamespacesLayer}}};

json::Array WordsJson(uint64_t layers) {
  json::Array words;
  for (const std::string& word : SandboxWords(layers)) words.emplace_back(word);
  return words;
}

absl::StatusOr<MemoryFile> ProbeJob() {
  data::WorkerJob job;
  job.slots = 1;
  job.slot_bytes = kProbeRing;
  job.probe = 1;
  data::WireWriter counter;
  data::WriteJob(job, counter);
  std::string bytes(counter.size(), '\0');
  data::WireWriter out(bytes.data());
  data::WriteJob(job, out);
  return SealedCopy("concordat-job", bytes);
}

}  // namespace

std::vector<std::string> SandboxLayerWords() {
  std::vector<std::string> words;
  for (const Layer& layer : kLayers) words.emplace_back(layer.word);
  return words;
}

uint32_t SandboxLayerOf(std::string_view word) {
  for (const Layer& layer : kLayers) {
    if (layer.word == word) return layer.bit;
  }
  return 0;
}

std::vector<std::string> SandboxWords(uint64_t layers) {
  std::vector<std::string> words;
  for (const Layer& layer : kLayers) {
    if (layers & layer.bit) words.emplace_back(layer.word);
  }
  return words;
}

absl::Status SandboxMissing(std::string_view why) {
  return absl::UnimplementedError(fmt::format(
      "no adapter runs on this machine: a required layer of the sandbox is not to be had ({}). Mend: a "
      "kernel from 5.13 on with Landlock (lsm=landlock,... on its command line) and seccomp, and a container "
      "whose own filter lets them through; `concordat host status` shows what is in force; the setting "
      "`sandbox: {{required: [...]}}` of concordat.yaml says what must be",
      why));
}

absl::StatusOr<SandboxState> ProbeSandbox(const std::string& worker) {
  ASSIGN_OR_RETURN(const MemoryFile job, ProbeJob());
  ASSIGN_OR_RETURN(const MemoryFile ring, MemoryFile::Create("concordat-ring", kProbeRing));
  ASSIGN_OR_RETURN(ControlSocket control, ControlSocket::Create());
  WorkerStart start;
  start.program = worker;
  start.control_fd = control.worker_end.get();
  start.library_fd = start.source_fd = start.job_fd = job.fd();
  start.ring_fd = ring.fd();
  ASSIGN_OR_RETURN(const std::unique_ptr<WorkerProcess> process, WorkerProcess::Spawn(start));
  control.worker_end.Reset();
  const timeval patience = absl::ToTimeval(kPatience);
  setsockopt(control.host_end.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  data::ControlMessage message;
  const ssize_t received = recv(control.host_end.get(), &message, sizeof message, 0);
  if (received != sizeof message || message.magic != data::ControlMessage::kMagic ||
      message.kind != data::ControlKind::kProbed) {
    return absl::InternalError(fmt::format("the worker {} does not say what its sandbox is: {}", worker,
                                           process->Stop(absl::ZeroDuration()).words));
  }
  return SandboxState{message.size, static_cast<int>(message.slot), message.Text()};
}

absl::Status Suffices(const SandboxState& state, const SandboxPolicy& policy) {
  return state.Has(policy.required) ? absl::OkStatus() : SandboxMissing(state.missing);
}

json::Value SandboxJson(const absl::StatusOr<SandboxState>& probed, const SandboxPolicy& policy) {
  const SandboxState state = probed.ok() ? *probed : SandboxState();
  const std::string missing = probed.ok() ? state.missing : std::string(MessageOf(probed.status()));
  json::Object json{
      {"landlock", json::Object{{"inForce", state.Has(data::kLandlockLayer)}, {"abi", state.landlock_abi}}},
      {"seccomp", state.Has(data::kSeccompLayer)},
      {"rlimits", state.Has(data::kRlimitsLayer)},
      {"namespaces", state.Has(data::kNamespacesLayer)},
      {"user", state.Has(data::kOwnUserLayer)},
      {"required", WordsJson(policy.required)},
      {"preferred", WordsJson(policy.preferred)},
      {"adaptersRun", state.Has(policy.required)},
      {"missing", missing}};
  return json;
}

}  // namespace concordat::adapters

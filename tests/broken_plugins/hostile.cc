// An adapter that has taken its worker over: it writes to the control socket and the ring itself.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "host/data/worker_protocol.h"
#include "plugins/sdk/adapter_abi.h"

namespace {

using namespace concordat::data;

constexpr size_t kSlotBytes = 64 * 1024;  // the tests' limit
constexpr uint32_t kSlots = 4;

std::string attack;
bool Is(const char* name) { return attack == name; }
char* ring = nullptr;
uint32_t slot = 0;  // the next to write to: the host may still be reading the last one
char* Slot() { return ring + slot * kSlotBytes; }

void Send(ControlKind kind, uint64_t size, uint32_t in_slot) {
  ControlMessage message;
  message.kind = kind;
  message.slot = in_slot;
  message.size = size;
  send(kControlFd, &message, sizeof message, MSG_NOSIGNAL);
}

template <typename Write>
void SendSlot(ControlKind kind, const Write& write, size_t cut = 0) {
  WireWriter out(Slot());
  write(out);
  Send(kind, out.size() - cut, slot++);
}

void SendColumns(const std::vector<std::string>& names) {
  SendSlot(ControlKind::kOpened, [&](WireWriter& out) { WriteColumnNames(names, out); });
}

// A batch of one record with one empty cell.
struct Batch {
  uint64_t record = 1;
  uint64_t line = 2;
  uint32_t offsets[2] = {0, 0};
  std::vector<RawFinding> findings;

  BatchView View() const {
    BatchView view;
    view.columns = {{offsets, ""}};
    view.records = {&record, 1};
    view.lines = {&line, 1};
    view.findings = findings;
    return view;
  }
};

void SendBatch(const Batch& batch) {
  SendSlot(ControlKind::kBatch, [&](WireWriter& out) { WriteFrame(batch.View(), out); });
}

void AttackBeforeColumns() {
  if (Is("noise"))
    send(kControlFd, std::string(sizeof(ControlMessage), 'x').data(), sizeof(ControlMessage), 0);
  if (Is("short_message")) send(kControlFd, "hello", 5, 0);
  if (Is("batch_first")) SendBatch({});
  if (Is("columns_cut"))
    SendSlot(
        ControlKind::kOpened, [](WireWriter& out) { WriteColumnNames({"a"}, out); }, 1);
  if (Is("too_many_columns"))
    SendSlot(ControlKind::kOpened, [](WireWriter& out) { out.Put(uint32_t{0xFFFFFFFF}); });
}

void AttackWithSlots() {
  SendColumns({"a"});
  if (Is("opened_twice")) SendColumns({"a"});
  if (Is("unknown_kind")) Send(static_cast<ControlKind>(77), 0, slot++);
  if (Is("slot_outside")) Send(ControlKind::kBatch, 8, kSlots);
  if (Is("size_outside")) Send(ControlKind::kBatch, kSlotBytes + 1, slot++);
  if (Is("noise_in_slot")) {
    std::memset(Slot(), 0xA5, kSlotBytes);
    Send(ControlKind::kBatch, kSlotBytes, slot++);
  }
  if (Is("rows_beyond")) {
    const uint64_t rows = uint64_t{1} << 61;
    WireWriter out(Slot());
    WriteFrame(Batch().View(), out);
    std::memcpy(Slot() + 2 * sizeof(uint32_t), &rows, sizeof rows);
    Send(ControlKind::kBatch, out.size(), slot++);
  }
}

void AttackWithContent() {
  Batch batch;
  if (Is("finding_outside")) batch.findings.push_back({5, 0, 0, "", "", {}});
  if (Is("finding_of_no_rule")) batch.findings.push_back({1, 3, 0, "", "", {}});
  SendBatch(batch);
  if (Is("records_again")) SendBatch(batch);
  WorkerReport report;
  if (Is("report_of_other_dimension")) report.dimensions.push_back({"charm", 100, ""});
  if (Is("dimension_not_a_number")) report.dimensions.push_back({"charm", std::nan(""), ""});
  SendSlot(
      ControlKind::kFinished, [&](WireWriter& out) { WriteReport(report, out); }, Is("report_cut") ? 4 : 0);
}

// Sends batches without ever reading about free slots, until the host has had enough.
void NeverRead() {
  const uint32_t offset = 0;
  const BatchView nothing = {{{&offset, ""}}, {}, {}, {}, {}};
  WireWriter out(Slot());
  WriteFrame(nothing, out);
  for (size_t i = 0; i < 1'000'000; ++i) Send(ControlKind::kBatch, out.size(), slot);
}

// It cannot map the ring again: the sandbox refuses shared memory. But the worker has, and its writer stands
// further up on this stack.
char* FindRing() {
  const auto* at = static_cast<const uint64_t*>(__builtin_frame_address(0));
  for (size_t i = 0; i < 8192; ++i, ++at) {
    if (at[1] == kSlots && at[2] == kSlotBytes && at[0] > 4096 && at[0] % 4096 == 0)
      return reinterpret_cast<char*>(at[0]);
  }
  return nullptr;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int32_t concordat_adapter_init(uint32_t,
                                                                                 const concordat_host* host,
                                                                                 concordat_adapter*,
                                                                                 concordat_error*) {
  concordat_text value = {};
  host->option(host->context, "attack", &value);
  attack.assign(value.data, value.size);
  ring = FindRing();
  if (ring == nullptr) return CONCORDAT_FAILED;
  AttackBeforeColumns();
  AttackWithSlots();
  if (Is("never_reads")) NeverRead();
  AttackWithContent();
  pause();
  return CONCORDAT_FAILED;
}

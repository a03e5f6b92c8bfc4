#include "host/worker/work_batch.h"

namespace concordat::worker {

data::BatchView WorkBatch::View(const std::vector<data::RawFinding>& findings) const {
  data::BatchView view;
  for (const Cells& cells : columns) view.columns.push_back(cells.view);
  view.records = records;
  view.lines = lines;
  view.unreadable = unreadable;
  view.findings = findings;
  return view;
}

Cells CopyRuns(const std::vector<RowRun>& runs) {
  data::TextColumn out;
  for (const RowRun& run : runs) {
    if (run.from == nullptr) {
      out.offsets.insert(out.offsets.end(), run.end - run.begin, out.offsets.back());
      continue;
    }
    const uint32_t* offsets = run.from->offsets;
    const uint32_t shift = out.offsets.back() - offsets[run.begin];  // wraps as unsigned numbers do, and back
    out.bytes.append(run.from->bytes + offsets[run.begin], offsets[run.end] - offsets[run.begin]);
    for (size_t row = run.begin; row < run.end; ++row) out.offsets.push_back(offsets[row + 1] + shift);
  }
  return Cells::Own(std::move(out));
}

}  // namespace concordat::worker

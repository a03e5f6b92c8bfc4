#include "host/server/inbox_watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>

#include "fmt/format.h"
#include "host/server/log_line.h"

namespace concordat::server {
namespace {

// Shares of other machines do not notify.
constexpr absl::Duration kSlowest = absl::Seconds(10);
constexpr absl::Duration kQuickest = absl::Milliseconds(100);
constexpr uint32_t kEvents =
    IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;

void Drain(int fd) {
  char buffer[16384];
  while (read(fd, buffer, sizeof buffer) > 0) {
  }
}

}  // namespace

InboxWatch::InboxWatch(std::unique_ptr<flows::Inboxes> inboxes, Pool& pool, Admission& admission)
    : inboxes_(std::move(inboxes)), pool_(pool), admission_(admission) {}

InboxWatch::~InboxWatch() {
  stopping_ = true;
  Wake();
  if (thread_.joinable()) thread_.join();
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return busy_.empty(); });
}

absl::Status InboxWatch::Start() {
  // A lease that is broken while we hold it would otherwise end the program.
  signal(SIGIO, SIG_IGN);
  wake_ = FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  notify_ = FileDescriptor(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  ASSIGN_OR_RETURN(const std::vector<std::string> said, inboxes_->Sync());
  for (const std::string& line : said) LogLine(line);
  LogLine(fmt::format("inboxes in {}", inboxes_->settings().folder));
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

void InboxWatch::Wake() {
  const uint64_t one = 1;
  if (wake_.valid()) [[maybe_unused]]
    const ssize_t ignored = write(wake_.get(), &one, sizeof one);
}

void InboxWatch::Run() {
  while (!stopping_) {
    if (inboxes_->IsStale()) {
      std::unique_lock lock(mutex_);
      idle_.wait(lock, [this] { return busy_.empty(); });
      lock.unlock();
      const absl::StatusOr<std::vector<std::string>> said = inboxes_->Sync();
      if (!said.ok()) LogLine(std::string(MessageOf(said.status())));
      if (said.ok()) {
        for (const std::string& line : *said) LogLine(line);
      }
    }
    WatchFolders();
    LookAll();
    Sleep();
  }
}

// Watching a folder again is nothing; one that was made anew has another inode.
void InboxWatch::WatchFolders() {
  if (!notify_.valid()) return;
  inotify_add_watch(notify_.get(), inboxes_->settings().folder.c_str(), kEvents);
  for (const auto& inbox : inboxes_->all())
    inotify_add_watch(notify_.get(), inbox->folder().c_str(), kEvents);
}

void InboxWatch::LookAll() {
  restless_ = false;
  inboxes_->LookAround();
  for (const std::shared_ptr<flows::FeedInbox>& inbox : inboxes_->all()) {
    {
      const std::lock_guard lock(mutex_);
      if (busy_.count(inbox->feed()) > 0) continue;
    }
    const absl::StatusOr<std::vector<std::string>> ready = inbox->Look();
    restless_ = restless_ || inbox->restless();
    if (!ready.ok()) {
      const std::string line = fmt::format("inbox {}: {}", inbox->feed().str(), MessageOf(ready.status()));
      const std::lock_guard lock(mutex_);
      if (said_.insert(line).second) LogLine(line);
    } else if (!ready->empty()) {
      if (!admission_.TryEnter()) {
        restless_ = true;
        continue;
      }
      Process(inbox, *ready);
    }
  }
}

void InboxWatch::Process(const std::shared_ptr<flows::FeedInbox>& inbox,
                         const std::vector<std::string>& ready) {
  {
    const std::lock_guard lock(mutex_);
    busy_.insert(inbox->feed());
  }
  pool_.Post([this, inbox, ready] {
    for (const std::string& path : ready) {
      if (stopping_) break;
      const absl::StatusOr<std::string> line = inbox->Take(path, [this] { return stopping_.load(); });
      const std::string text = line.ok() ? *line : std::string(MessageOf(line.status()));
      const std::lock_guard lock(mutex_);
      if (!text.empty() && (line.ok() || said_.insert(text).second)) LogLine(text);
    }
    admission_.Leave();
    {
      const std::lock_guard lock(mutex_);
      busy_.erase(inbox->feed());
      idle_.notify_all();
    }
    Wake();
  });
}

void InboxWatch::Sleep() {
  const absl::Duration settle = inboxes_->settings().settle;
  const absl::Duration wait = restless_ ? std::clamp(settle / 4, kQuickest, kSlowest) : kSlowest;
  pollfd sources[] = {{wake_.get(), POLLIN, 0}, {notify_.get(), POLLIN, 0}};
  poll(sources, notify_.valid() ? 2 : 1, static_cast<int>(absl::ToInt64Milliseconds(wait)));
  Drain(wake_.get());
  if (notify_.valid()) Drain(notify_.get());
}

}  // namespace concordat::server

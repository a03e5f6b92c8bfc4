// From a file that is complete to what came of it.
#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/adapters/failure.h"
#include "host/flows/inbox_job.h"
#include "host/flows/inbox_names.h"

namespace concordat::flows {
namespace {

constexpr size_t kChunk = 256 * 1024;
constexpr int kMostTries = 20;  // about half a day
constexpr absl::Duration kFirstRetry = absl::Seconds(10);
constexpr absl::Duration kLongestRetry = absl::Hours(1);
// The spool takes the file once, the store its records: what is less cannot end well.
constexpr uint64_t kSpare = 64ULL << 20;

absl::Duration RetryAfter(int tries) {
  absl::Duration wait = kFirstRetry;
  for (int i = 0; i < tries && wait < kLongestRetry; ++i) wait *= 2;
  return std::min(wait, kLongestRetry);
}

absl::Status RequireSpace(const std::string& folder, uint64_t bytes) {
  struct statvfs facts;
  if (statvfs(folder.c_str(), &facts) != 0) return absl::OkStatus();
  const uint64_t free = static_cast<uint64_t>(facts.f_bavail) * facts.f_frsize;
  if (free >= bytes + kSpare) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("the host has {} MB of disk left and the file has {} MB; tell the administrator",
                  free >> 20, bytes >> 20));
}

// What may be otherwise in a while, without anybody doing something about the file.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

}  // namespace

absl::StatusOr<std::string> FeedInbox::Take(const std::string& path, const std::function<bool()>& cancelled) {
  Job job;
  job.path = path;
  job.in = FolderOf(path);
  job.name = path.substr(job.in.empty() ? 0 : job.in.size() + 1);
  job.base = job.name;
  if (const auto known = table_.files.find(path); known != table_.files.end()) job.before = known->second;
  if (job.before) job.entry.tries = job.before->tries;
  // Whatever comes of it, nobody tries again at once.
  if (const auto seen = seen_.find(path); seen != seen_.end())
    seen->second.next = Steady::now() + absl::ToChronoNanoseconds(settings_.settle);
  ASSIGN_OR_RETURN(const InboxFolder folder, OpenFolderOf(path));
  const absl::Status decided = Decide(folder, job, cancelled);
  if (absl::IsNotFound(decided) || absl::IsCancelled(decided)) {
    seen_.erase(path);  // gone meanwhile, or the host ends
    return "";
  }
  RETURN_IF_ERROR(decided);
  if (job.entry.outcome.empty()) return "";  // nothing new
  table_.files[path] = job.entry;
  RETURN_IF_ERROR(Save());
  const absl::Status told = Tell(folder, job);
  if (told.ok()) {
    job.entry.phase = InboxEntry::Phase::kTold;
    job.entry.untold.clear();
  } else {
    ++job.entry.tries;
    job.entry.retry = absl::Now() + RetryAfter(job.entry.tries);
    job.entry.untold = fmt::format("nothing can be written beside it: {}", MessageOf(told));
  }
  table_.files[path] = job.entry;
  RETURN_IF_ERROR(Save());
  UpdateView();
  // The log has no names of files: they may be anybody's.
  if (!told.ok()) {
    return absl::Status(told.code(),
                        fmt::format("inbox {}: nothing can be written beside a file; `concordat inbox list` "
                                    "says which and why",
                                    feed_.str()));
  }
  return fmt::format("inbox {}: a file of {}: {}{}{}", feed_.str(),
                     job.entry.period.empty() ? "an unknown period" : job.entry.period, job.entry.outcome,
                     job.entry.submission.empty() ? "" : " " + job.entry.submission,
                     job.entry.repeated ? ", the same bytes again" : "");
}

absl::Status FeedInbox::Decide(const InboxFolder& folder, Job& job, const std::function<bool()>& cancelled) {
  if (const auto odd = oddities_.find(job.path); odd != oddities_.end()) {
    ASSIGN_OR_RETURN(const std::vector<FolderItem> items, folder.List());
    for (const FolderItem& item : items) {
      if (item.name == job.name) job.entry.stamp = item.stamp;
    }
    Refuse(
        job, fmt::format("{}; it was left as it is", odd->second),
        {fmt::format("Put the file itself into the folder {}.", folder_),
         fmt::format("A folder may be named as a period, such as {}; files in it are taken for that period.",
                     PeriodExample())});
    return absl::OkStatus();
  }
  if (job.before && job.before->phase == InboxEntry::Phase::kJudged && job.before->outcome != "waiting" &&
      job.before->stamp == seen_[job.path].stamp) {
    job.entry = *job.before;  // only the telling is owed
    job.entry.retry = absl::InfiniteFuture();
    return absl::OkStatus();
  }
  if (!seen_[job.path].why.empty()) {
    job.stamp = seen_[job.path].stamp;
    Wait(job, seen_[job.path].why);
    return absl::OkStatus();
  }
  const absl::Status copied = Copy(folder, job);
  if (absl::IsNotFound(copied)) return copied;
  if (!copied.ok()) {
    job.entry.stamp = seen_[job.path].stamp;
    if (absl::IsUnavailable(copied)) {
      seen_[job.path].held = MessageOf(copied);
      if (SaysThatItWaits(job.path, seen_[job.path])) Wait(job, std::string(MessageOf(copied)));
      return absl::OkStatus();
    }
    RefuseStatus(job, copied);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool known, IsKnown(job));
  if (known) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool resumed, Resume(job));
  if (resumed) return absl::OkStatus();
  const bool mends = FileMendedBy(job.name).has_value();
  if (mends ? !FindMended(job) : !FindPeriod(job)) return absl::OkStatus();
  if (!mends && (!FindReason(folder, job) || !MayReplace(job))) return absl::OkStatus();
  return Send(job, cancelled);
}

absl::Status FeedInbox::Copy(const InboxFolder& folder, Job& job) {
  ASSIGN_OR_RETURN(const FileDescriptor fd, folder.OpenFile(job.name));
  ASSIGN_OR_RETURN(job.stamp, StampOf(fd.get()));
  job.entry.stamp = job.stamp;
  if (job.stamp != seen_[job.path].stamp) return absl::UnavailableError("it changed while it was looked at");
  if (const std::string used = InUse(fd.get()); !used.empty())
    return absl::UnavailableError(fmt::format("it is {}; close it there", used));
  RETURN_IF_ERROR(RequireSpace(host_.data_dir, job.stamp.bytes));
  ASSIGN_OR_RETURN(job.spool, Spool::Create(host_.SpoolFolder(), /*digest=*/true, host_.RestOf(feed_)));
  while (true) {
    std::string chunk(kChunk, '\0');
    const ssize_t count = read(fd.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "read " + job.name);
    if (count == 0) break;
    chunk.resize(static_cast<size_t>(count));
    RETURN_IF_ERROR(job.spool->Append(std::move(chunk)));
  }
  ASSIGN_OR_RETURN(const FileStamp after, StampOf(fd.get()));
  if (after != job.stamp || job.spool->bytes() != after.bytes)
    return absl::UnavailableError("it changed while it was read");
  job.entry.digest = job.spool->FinishDigest();
  job.entry.at = host_.clock->Now();
  return absl::OkStatus();
}

// A file of which only the name, the mode or an attribute changed is no new one; neither is the host's own.
absl::StatusOr<bool> FeedInbox::IsKnown(Job& job) {
  auto& written = table_.written[job.in];
  if (const auto own = written.find(job.name);
      own != written.end() && own->second.digest == job.entry.digest) {
    own->second.stamp = job.stamp;
    RETURN_IF_ERROR(Save());
    return true;
  }
  if (!job.before || job.before->digest != job.entry.digest) {
    job.entry.tries = 0;
    return false;
  }
  const InboxEntry& before = *job.before;
  const bool untouched = before.stamp.inode == job.stamp.inode && before.stamp.modified == job.stamp.modified;
  const bool done = before.phase == InboxEntry::Phase::kTold && !before.wants_reason &&
                    before.retry == absl::InfiniteFuture() && before.outcome != "waiting";
  if (untouched && done && before.stamp != job.stamp) {
    table_.files[job.path].stamp = job.stamp;
    RETURN_IF_ERROR(Save());
    return true;
  }
  return false;
}

// After a crash: what was under way may stand in the store already, and then nobody asks again for its period
// or a reason.
absl::StatusOr<bool> FeedInbox::Resume(Job& job) {
  if (!job.before || job.before->phase != InboxEntry::Phase::kSending ||
      job.before->digest != job.entry.digest)
    return false;
  const InboxEntry& before = *job.before;
  store::SubmissionStore::Filter filter;
  filter.feed = feed_;
  filter.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host_.store->List(filter));
  for (const store::Attempt& attempt : attempts) {
    if (attempt.submitter != CallerOf().spiffe_id || attempt.received + absl::Seconds(2) < before.at)
      continue;
    const bool same = before.mends.empty()
                          ? attempt.mends.empty() && attempt.source_digest == job.entry.digest
                          : attempt.mends == before.mends;
    if (!same) continue;
    if (const std::optional<std::string> of = FileMendedBy(job.name); of && !before.mends.empty())
      job.base = *of;
    job.entry.mends = before.mends;
    job.entry.period = attempt.period;
    job.entry.period_from = before.period_from;
    job.entry.reason = before.reason;
    job.entry.reason_stamp = before.reason_stamp;
    job.entry.submission = attempt.id.str();
    job.entry.outcome = record::VerdictName(attempt.verdict);
    job.entry.tries = 0;
    job.entry.phase = InboxEntry::Phase::kJudged;
    return true;
  }
  return false;
}

absl::Status FeedInbox::Send(Job& job, const std::function<bool()>& cancelled) {
  job.request.caller = CallerOf();
  job.request.feed = feed_;
  job.request.source_name = job.name;
  job.request.cancelled = cancelled;
  job.entry.phase = InboxEntry::Phase::kSending;
  seen_[job.path].why = "it is being judged";
  UpdateView();
  table_.files[job.path] = job.entry;
  RETURN_IF_ERROR(Save());
  if (const Turn turn(*host_.turns, feed_, job.entry.period); !turn.taken()) {
    RefuseStatus(job, absl::UnavailableError("another submission for the period is under way"));
    return absl::OkStatus();
  }
  const absl::StatusOr<SubmitResult> result = Submit(host_, job.request, *job.spool);
  seen_[job.path].why.clear();
  if (absl::IsCancelled(result.status())) return result.status();
  if (!result.ok()) {
    RefuseStatus(job, result.status());
    return absl::OkStatus();
  }
  job.entry.submission = result->id.str();
  job.entry.outcome = record::VerdictName(result->outcome.decision.verdict);
  job.entry.repeated = result->repeated;
  job.entry.tries = 0;
  job.entry.phase = InboxEntry::Phase::kJudged;
  return absl::OkStatus();
}

void FeedInbox::RefuseStatus(Job& job, const absl::Status& status) {
  const std::string why(MessageOf(status));
  if (absl::IsPermissionDenied(status) && job.entry.digest.empty()) {
    Refuse(job, fmt::format("it cannot be read: {}", why),
           {"Give the host's user the right to read it, or copy it in anew."});
  } else if (!adapters::FailureIn(status) && IsPassing(status) && job.entry.tries < kMostTries) {
    ++job.entry.tries;
    job.entry.retry = absl::Now() + RetryAfter(job.entry.tries);
    Refuse(job, fmt::format("it could not be taken in yet: {}", why),
           {"Nothing needs to be done: it is tried again by itself, more seldom as time goes by."});
    job.entry.outcome = "waiting";
  } else if (adapters::FailureIn(status)) {
    Refuse(job, why,
           {"Tell the administrator; the file itself may be right.",
            "Once that is mended, put the file in again."});
  } else {
    Refuse(job, why, {"Mend what is said above, then put the file in again."});
  }
}

void FeedInbox::Refuse(Job& job, std::string why, const std::vector<std::string>& steps) {
  job.entry.at = host_.clock->Now();
  job.entry.outcome = "not_taken";
  job.entry.message = std::move(why);
  job.entry.steps = fmt::format("{}", fmt::join(steps, "\n"));
  job.entry.phase = InboxEntry::Phase::kJudged;
}

void FeedInbox::Wait(Job& job, std::string why) {
  Refuse(job, std::move(why), {"Close it there, or finish copying it; then it is taken in by itself."});
  job.entry.stamp = seen_[job.path].stamp;
  job.entry.outcome = "waiting";
  job.entry.retry = absl::Now() + settings_.settle;
}

}  // namespace concordat::flows

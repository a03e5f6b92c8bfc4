#include "tools/concordat/walk/terminal_keys.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace concordat::cli {
namespace {

constexpr char kEnterScreen[] = "\x1b[?1049h\x1b[?25l";
constexpr char kLeaveScreen[] = "\x1b[?25h\x1b[0m\x1b[?1049l";
constexpr int kEnding[] = {SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
constexpr int kEscapeMs = 50;

// What a signal handler needs: there is one terminal, so this is the process's own state.
struct Shared {
  termios saved{};
  std::atomic<bool> raw{false};
  std::atomic<bool> busy{false};
  int pipe[2] = {-1, -1};
};
Shared shared;

void WriteQuietly(int fd, const char* bytes, size_t count) {
  // Nothing can be done about a terminal that is gone.
  [[maybe_unused]] const ssize_t written = write(fd, bytes, count);
}

// Only async-signal-safe calls.
void PutBack() {
  if (!shared.raw.exchange(false)) return;
  WriteQuietly(STDOUT_FILENO, kLeaveScreen, sizeof kLeaveScreen - 1);
  tcsetattr(STDIN_FILENO, TCSANOW, &shared.saved);
}

void EndBySignal(int signal) {
  PutBack();
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void Tell(char what) {
  const int error = errno;
  WriteQuietly(shared.pipe[1], &what, 1);
  errno = error;
}

void OnResize(int) { Tell('w'); }

void OnInterrupt(int signal) {
  if (shared.busy) return EndBySignal(signal);
  Tell('i');
}

void Handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, nullptr);
}

void HandleAll(bool ours) {
  for (const int signal : kEnding) Handle(signal, ours ? EndBySignal : SIG_DFL, ours ? SA_NODEFER : 0);
  Handle(SIGINT, ours ? OnInterrupt : SIG_DFL, ours ? SA_NODEFER : 0);
  Handle(SIGWINCH, ours ? OnResize : SIG_DFL, ours ? SA_RESTART : 0);
}

termios RawModeOf(const termios& saved) {
  termios raw = saved;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  // Ctrl-C stays a signal; a program stopped by Ctrl-Z would leave its screen to the shell.
  raw.c_cc[VSUSP] = _POSIX_VDISABLE;
  return raw;
}

Key KeyOfControl(unsigned char byte) {
  switch (byte) {
    case '\r':
    case '\n':
      return {KeyKind::kEnter, ""};
    case 0x7F:
    case 0x08:
      return {KeyKind::kBackspace, ""};
    case 0x15:
      return {KeyKind::kClear, ""};
    case 0x0C:
      return {KeyKind::kRedraw, ""};
    case 0x03:
      return {KeyKind::kInterrupt, ""};
    case 0x04:
      return {KeyKind::kEnd, ""};
    default:
      return {KeyKind::kOther, ""};
  }
}

// What stands behind "\x1b[": the parameters and the letter.
Key KeyOfSequence(const std::string& sequence) {
  if (sequence == "A") return {KeyKind::kUp, ""};
  if (sequence == "B") return {KeyKind::kDown, ""};
  if (sequence == "5~") return {KeyKind::kPageUp, ""};
  if (sequence == "6~") return {KeyKind::kPageDown, ""};
  return {KeyKind::kOther, ""};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Terminal>> Terminal::Open() {
  if (!OnTerminal() || tcgetattr(STDIN_FILENO, &shared.saved) != 0)
    return absl::FailedPreconditionError("the walk needs a terminal for keys and text");
  if (shared.pipe[0] < 0 && pipe2(shared.pipe, O_CLOEXEC | O_NONBLOCK) != 0)
    return ErrnoStatus(errno, "make a pipe");
  HandleAll(true);
  const termios raw = RawModeOf(shared.saved);
  shared.raw = true;
  if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0) return ErrnoStatus(errno, "set the terminal's mode");
  WriteQuietly(STDOUT_FILENO, kEnterScreen, sizeof kEnterScreen - 1);
  return std::unique_ptr<Terminal>(new Terminal());
}

Terminal::~Terminal() {
  PutBack();
  HandleAll(false);
}

void Terminal::SetBusy(bool busy) { shared.busy = busy; }

TerminalSize Terminal::size() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

void Terminal::Show(const Frame& frame) {
  std::string out = "\x1b[?25l\x1b[H";
  for (size_t i = 0; i < frame.lines.size(); ++i) out += (i == 0 ? "" : "\r\n") + frame.lines[i] + "\x1b[K";
  out += "\x1b[J";
  if (frame.cursor)
    out += "\x1b[" + std::to_string(frame.cursor->first + 1) + ";" +
           std::to_string(frame.cursor->second + 1) + "H\x1b[?25h";
  for (size_t done = 0; done < out.size();) {
    const ssize_t count = write(STDOUT_FILENO, out.data() + done, out.size() - done);
    if (count < 0 && errno != EINTR) return;
    if (count > 0) done += static_cast<size_t>(count);
  }
}

std::optional<unsigned char> Terminal::NextByte(int timeout_ms) {
  if (pending_.empty()) {
    pollfd waiting{STDIN_FILENO, POLLIN, 0};
    if (timeout_ms >= 0 && poll(&waiting, 1, timeout_ms) <= 0) return std::nullopt;
    char buffer[256];
    const ssize_t count = read(STDIN_FILENO, buffer, sizeof buffer);
    if (count <= 0) return std::nullopt;
    pending_.assign(buffer, static_cast<size_t>(count));
  }
  const auto byte = static_cast<unsigned char>(pending_.front());
  pending_.erase(0, 1);
  return byte;
}

Key Terminal::ReadEscape() {
  // A lone Escape is followed by nothing, an arrow by the rest of its sequence at once.
  const auto next = NextByte(kEscapeMs);
  if (!next) return {KeyKind::kEscape, ""};
  if (*next != '[' && *next != 'O') return {KeyKind::kOther, ""};
  std::string sequence;
  while (sequence.size() < 16) {
    const auto byte = NextByte(kEscapeMs);
    if (!byte) break;
    sequence += static_cast<char>(*byte);
    if (*byte >= 0x40 && *byte <= 0x7E) break;
  }
  return KeyOfSequence(sequence);
}

Key Terminal::ReadCharacter(unsigned char first) {
  std::string text(1, static_cast<char>(first));
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  while (text.size() < length) {
    const auto byte = NextByte(kEscapeMs);
    if (!byte || (*byte & 0xC0) != 0x80) return {KeyKind::kOther, ""};
    text += static_cast<char>(*byte);
  }
  return {KeyKind::kText, text};
}

Key Terminal::Read() {
  while (pending_.empty()) {
    pollfd waiting[2] = {{STDIN_FILENO, POLLIN, 0}, {shared.pipe[0], POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return {KeyKind::kEnd, ""};
    }
    char told = 0;
    if ((waiting[1].revents & POLLIN) != 0 && read(shared.pipe[0], &told, 1) == 1)
      return {told == 'i' ? KeyKind::kInterrupt : KeyKind::kRedraw, ""};
    if (waiting[0].revents != 0) break;
  }
  const auto byte = NextByte(-1);
  if (!byte) return {KeyKind::kEnd, ""};
  if (*byte == 0x1B) return ReadEscape();
  if (*byte < 0x20 || *byte == 0x7F) return KeyOfControl(*byte);
  return *byte >= 0x80 && *byte < 0xC0 ? Key{} : ReadCharacter(*byte);
}

bool OnTerminal() { return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1; }

bool CanDraw() {
  const char* term = std::getenv("TERM");
  return term != nullptr && *term != '\0' && std::strcmp(term, "dumb") != 0;
}

}  // namespace concordat::cli

// A text that people wrote, and messages that point into it with a caret.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace concordat {

/// One text file in memory. Immutable; shared by all places that point into it.
struct SourceText {
  std::string name;  // as the user named it: a relative path
  std::string text;

  /// The 1-based line without its line ending; empty beyond the end.
  std::string_view Line(int line) const;
};

/// A place in a source; line and column are 1-based, column in code points; 0 means "the file as a whole".
struct Place {
  std::shared_ptr<const SourceText> source;
  int line = 0;
  int column = 0;

  /// "file:line:column", without what is not known.
  std::string str() const;
};

enum class IssueSeverity { kError, kWarning };

/// One mistake in a text: where, which kind (a stable code), what is wrong, how to mend it.
struct Issue {
  IssueSeverity severity = IssueSeverity::kError;
  Place place;
  std::string code;     // kebab-case, e.g. "unknown-key"; listed in policies/README.md
  std::string message;  // one sentence, no full stop
  std::string hint;     // "did you mean \"feed\"?" or how to mend it; may be empty
};

/// Collects issues; the work goes on after each of them. Not thread-safe.
class Issues {
 public:
  void Error(Place place, std::string code, std::string message, std::string hint = "");
  void Warn(Place place, std::string code, std::string message, std::string hint = "");
  /// Message and hint become one line of at most some hundred characters.
  void Add(Issue issue);

  bool has_errors() const;
  size_t error_count() const;
  const std::vector<Issue>& list() const { return list_; }
  /// By file, line, column; equal issues once.
  void SortAndDeduplicate();

 private:
  std::vector<Issue> list_;
};

/// Three lines: "file:line:column: error: message [code]", the source line, a caret; a fourth with the hint.
/// Of a very long line the 160 characters around the caret.
std::string RenderIssue(const Issue& issue);

/// The candidate closest to `word` (edit distance at most a third of its length), or "" when none is near.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);
/// "did you mean \"x\"?" for the nearest candidate, else "one of: a, b, c" (at most twelve), else "".
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace concordat

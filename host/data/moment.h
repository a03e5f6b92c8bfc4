// A moment in parts, read from text and written back by the letters of a date pattern. Private to
// time_pattern.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace concordat::data {

/// A part that a pattern does not name keeps its default.
struct Moment {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
  int half_day = -1;  // 0: a.m., 1: p.m.
  int weekday = -1;   // 0: Monday
  int offset_minutes = 0;
};

/// Takes what `count` times `letter` means off the front of `rest`; false when it does not stand there.
bool ReadLetter(char letter, int count, std::string_view& rest, Moment& moment);
void AppendLetter(char letter, int count, const Moment& moment, std::string& out);

/// After all letters are read: the half of the day applied, and whether there is such a moment.
bool Settle(Moment& moment);

/// Whole texts in the forms that nearly all files use.
bool ReadIsoTimestamp(std::string_view text,
                      Moment& moment);                     // yyyy-MM-dd[T ]HH:mm[:ss[.fraction]][Z or offset]
bool ReadIsoDate(std::string_view text, Moment& moment);   // yyyy-MM-dd
bool ReadIsoMonth(std::string_view text, Moment& moment);  // yyyy-MM
bool ReadDayFirst(std::string_view text, Moment& moment);  // dd/MM/yyyy

/// Microseconds since 1970-01-01T00:00Z, and back (in UTC).
int64_t MicrosOf(const Moment& moment);
Moment MomentOf(int64_t micros);

}  // namespace concordat::data

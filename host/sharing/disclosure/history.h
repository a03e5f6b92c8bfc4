// A table and what left before it, on one grid: which figures are the same ones, and which may be thought to
// be other ones together. Internal to disclosure/; suppression.h is the door.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/base/status.h"
#include "host/sharing/disclosure/suppression.h"

namespace concordat::sharing {

/// Releases as bits, the oldest is bit 0.
using ReleaseSet = uint64_t;

/// What a cell of the grid is in one release.
enum class Standing : uint8_t {
  kAbsent,
  kImplied,
  kStands
};  // kImplied: a margin that is not listed, thus not printed

struct Figure {
  int64_t count = 0;
  uint64_t beneath = 0;  // of a margin: a digest of which inner cells it sums
  Standing standing = Standing::kAbsent;
  bool suppressed = false;
};

/// Whether a cell of the grid can be another number than it is without any printed figure of the scope's
/// releases changing.
enum class Freedom : uint8_t { kFixed, kCould, kFree };  // kCould: once the new table suppresses it

/// A set of releases in all of which the same cells change by the same amount. That is a possible world for
/// the attacker when the changed cells are printed in none of them, and no changed cell is the same figure as
/// in a release outside.
struct Scope {
  ReleaseSet releases = 0;
  std::vector<Freedom> freedom;  // per position
  std::vector<int64_t> fall;     // per position: by how much it can fall, counts being >= 0
};

/// A figure to be protected: a cell in the releases through which it stood unchanged.
struct Secret {
  int position = 0;
  ReleaseSet run = 0;
};

class History {
 public:
  /// InvalidArgument when a key stands twice, margins do not add up or the dimensions differ;
  /// ResourceExhausted for a grid of more cells or releases than can be counted. `table` is the newest
  /// release; its marks count as they are.
  static absl::StatusOr<History> Read(const std::vector<EarlierTable>& earlier, const CountTable& table);

  int positions() const { return static_cast<int>(codes_.size()); }
  int newest() const { return static_cast<int>(names_.size()) - 1; }
  const std::string& name(int release) const { return names_[release]; }
  const Figure& figure(int release, int position) const { return figures_[release][position]; }

  /// Values of the dimension, 0 for the total; two dimensions at least: those that the table has not stand at
  /// the total.
  const std::vector<int>& at(int position) const { return coordinates_[position]; }
  const std::vector<int64_t>& sizes() const { return sizes_; }
  int dimensions() const { return static_cast<int>(sizes_.size()); }
  bool IsMargin(int position) const { return is_margin_[position]; }
  /// Whether some cell has totals in exactly these dimensions (a bit each).
  bool HasLayer(size_t totals) const { return layers_[totals]; }

  /// The position at a place of the grid, -1 when no release has a cell there.
  int64_t code(int position) const { return codes_[position]; }
  int64_t stride(int dimension) const { return strides_[dimension]; }
  int Find(int64_t code) const;

  /// Of the new table: its cell's position, and the releases through which it stands with today's count.
  int PositionOf(size_t cell) const { return of_cell_[cell]; }
  ReleaseSet RunOf(int release, int position) const { return runs_[release][position]; }

  /// The cell was printed with today's count: everybody knows it.
  bool Known(int position) const;
  /// The cell was suppressed whenever it stood with today's count, at least once.
  bool HiddenBefore(int position) const;
  /// Printed earlier with a count that differs by less than `threshold`; the release, or -1.
  int CloseTo(int position, int64_t threshold) const;

  void SetSuppressed(int position, bool suppressed) { figures_[newest()][position].suppressed = suppressed; }

  /// Figures that were or are suppressed wherever they stand unchanged.
  std::vector<Secret> Secrets() const;
  /// The sets of releases worth looking at, small ones first.
  std::vector<Scope> Scopes() const;

 private:
  struct Entry;
  struct Sheet;
  absl::Status Place(const CountTable& table, const std::string& name, Sheet& sheet) const;
  absl::Status Complete(Sheet& sheet) const;
  absl::Status Total(const std::map<int64_t, int64_t>& sums, std::vector<int64_t>& layer, Sheet& sheet) const;
  absl::Status Lay(const std::vector<Sheet>& sheets);
  void Digest(Sheet& sheet) const;
  void LinkRuns();
  Scope MakeScope(ReleaseSet releases) const;
  absl::Status Measure(const std::vector<const CountTable*>& tables);
  std::vector<int> CoordinatesOf(int64_t code) const;
  size_t TotalsOf(int64_t code) const;

  std::vector<std::string> dimensions_;
  std::vector<std::unordered_map<std::string, int>> values_;  // per dimension
  std::vector<int64_t> sizes_, strides_;                      // per dimension, the total counted in
  std::vector<bool> layers_;
  std::vector<int64_t> codes_;
  std::unordered_map<int64_t, int> places_;
  std::vector<int> dense_;  // instead of places_ where the grid is small
  std::vector<std::vector<int>> coordinates_;
  std::vector<bool> is_margin_;
  std::vector<int> of_cell_;
  std::vector<std::string> names_;
  std::vector<std::vector<Figure>> figures_;   // per release, per position
  std::vector<std::vector<ReleaseSet>> runs_;  // per release, per position
};

}  // namespace concordat::sharing

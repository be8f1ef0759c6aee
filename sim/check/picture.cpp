#include "sim/check/picture.h"

#include <fmt/format.h>

#include <algorithm>

namespace seedbed {

namespace {

constexpr std::size_t kFrame = 5;  // "|- " and " -|", less what the next may share

/// The column of each end, so that every label fits between the ends of its operation.
std::vector<std::size_t> columns_of(const std::vector<PictureOp>& operations,
                                    const std::vector<std::uint64_t>& ends) {
  std::vector<std::size_t> columns(ends.size(), 0);
  const auto rank = [&](std::uint64_t at) {
    return static_cast<std::size_t>(std::lower_bound(ends.begin(), ends.end(), at) - ends.begin());
  };
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (i > 0) columns[i] = columns[i - 1] + 2;
    for (const PictureOp& op : operations) {
      if (op.end != ends[i]) continue;
      columns[i] = std::max(columns[i], columns[rank(op.begin)] + op.label.size() + kFrame);
    }
  }
  return columns;
}

}  // namespace

std::string draw_picture(const std::vector<PictureOp>& operations) {
  std::vector<std::uint64_t> ends;
  std::vector<std::string> lanes;
  std::size_t width = 0;
  for (const PictureOp& op : operations) {
    ends.push_back(op.begin);
    ends.push_back(op.end);
    if (std::find(lanes.begin(), lanes.end(), op.lane) == lanes.end()) lanes.push_back(op.lane);
    width = std::max(width, op.lane.size());
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  const std::vector<std::size_t> columns = columns_of(operations, ends);
  const auto column = [&](std::uint64_t at) {
    return columns[static_cast<std::size_t>(std::lower_bound(ends.begin(), ends.end(), at) -
                                            ends.begin())];
  };
  std::string picture;
  for (const std::string& lane : lanes) {
    std::string line;
    for (const PictureOp& op : operations) {
      if (op.lane != lane) continue;
      const std::size_t begin = column(op.begin);
      const std::size_t end = column(op.end);
      if (line.size() < begin) line.resize(begin, ' ');
      line += fmt::format("|- {} ", op.label);
      if (line.size() < end) line.resize(end, '-');
      line += op.end == ~std::uint64_t{0} ? '>' : '|';
    }
    picture += fmt::format("{:<{}}  {}\n", lane, width, line);
  }
  return picture;
}

}  // namespace seedbed

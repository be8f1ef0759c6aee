#include "sim/world/journal.h"

#include <algorithm>
#include <boost/crc.hpp>

#include "sim/base/assert.h"

namespace seedbed {

namespace {

using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

// A block: little-endian integers, then the body.
constexpr std::size_t kCrcAt = 0;
constexpr std::size_t kUsedAt = 4;
constexpr std::size_t kFlagsAt = 6;
constexpr std::size_t kMagicAt = 7;
constexpr std::size_t kSegmentAt = 8;
constexpr std::size_t kNumberAt = 12;
constexpr std::size_t kNextAt = 16;
constexpr std::size_t kMarkAt = 24;
constexpr std::size_t kBaseAt = 32;
constexpr std::size_t kBodyAt = 40;
constexpr std::uint64_t kMagic = 0x6a;
constexpr std::uint64_t kEndsFlush = 1;  // a flag
constexpr std::size_t kLength = 4;       // before each record
constexpr std::size_t kLongestRecord = std::size_t{1} << 30;

void put(std::string& out, std::size_t at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out[at + i] = static_cast<char>(value >> (8 * i));
}
std::uint64_t get(std::string_view in, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(in[at + i])} << (8 * i);
  }
  return value;
}
std::uint32_t checksum(std::string_view block) {
  Crc32c crc;
  crc.process_bytes(block.data() + kUsedAt, block.size() - kUsedAt);
  return crc.checksum();
}
bool is_blank(std::string_view block) { return block.find_first_not_of('\0') == block.npos; }

}  // namespace

/// What lies in the files, in their order.
struct Journal::Scan {
  struct Block {
    std::uint64_t next = 0;  // the number of the first record of the flush that wrote it
    std::string_view body;
    bool ends_flush = false;
  };
  struct File {
    Segment segment;
    std::vector<std::optional<Block>> blocks;  // of those that are sound
  };
  std::vector<File> files;
  std::uint64_t mark = 0;
  std::uint64_t base = 0;
  std::uint64_t sound = 0;  // blocks
  std::string damage;
};

Journal::Journal(std::string name, std::uint64_t segment_bytes)
    : name_(std::move(name)), segment_blocks_(std::max<std::uint64_t>(1, segment_bytes / kBlock)) {}

std::string Journal::path_of(std::uint32_t segment) const {
  return fmt::format("{}.{:08}", name_, segment);
}

std::optional<std::uint32_t> Journal::segment_of(std::string_view path) const {
  if (path.size() <= name_.size() + 1 || !path.starts_with(name_)) return {};
  std::uint32_t number = 0;
  for (const char c : path.substr(name_.size() + 1)) {
    if (c < '0' || c > '9' || number > 9'999'999) return {};
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return path == path_of(number) ? std::optional(number) : std::nullopt;
}

// --- recovery

bool Journal::is_sound(std::string_view block, std::uint32_t segment, std::uint32_t number) const {
  return get(block, kCrcAt, 4) == checksum(block) && get(block, kMagicAt, 1) == kMagic &&
         get(block, kSegmentAt, 4) == segment && get(block, kNumberAt, 4) == number;
}

void Journal::look_at(std::uint32_t number, std::string_view content, Scan& scan) const {
  Scan::File& file = scan.files.emplace_back();
  for (std::size_t at = 0; at + kBlock <= content.size(); at += kBlock) {
    const std::string_view block = content.substr(at, kBlock);
    const auto n = static_cast<std::uint32_t>(at / kBlock);
    auto& found = file.blocks.emplace_back();
    if (is_blank(block)) continue;
    if (!is_sound(block, number, n)) {
      scan.damage = fmt::format("block {} of {} is not what was written there", n, path_of(number));
      continue;
    }
    const auto used = std::min<std::uint64_t>(get(block, kUsedAt, 2), kBlock - kBodyAt);
    found = Scan::Block{get(block, kNextAt, 8), block.substr(kBodyAt, used),
                        get(block, kFlagsAt, 1) == kEndsFlush};
    scan.mark = std::max(scan.mark, get(block, kMarkAt, 8));
    scan.base = std::max(scan.base, get(block, kBaseAt, 8));
    ++scan.sound;
  }
  const bool begun = !file.blocks.empty() && file.blocks[0];
  file.segment = {number, begun ? file.blocks[0]->next : 0,
                  static_cast<std::uint32_t>(file.blocks.size())};
}

/// Follows the files, in order. One whose first block is missing was never finished, and the next
/// one tells from which record on a tail was given up.
void Journal::read_records(const Scan& scan, Recovery& found) const {
  std::uint64_t used = 0;
  std::uint64_t next = 0;
  for (const Scan::File& file : scan.files) {
    if (file.blocks.empty() || !file.blocks[0]) continue;
    const std::uint64_t first = file.segment.first;
    if (next == 0) next = found.first = first;
    if (first > next || first < found.first) break;
    found.records.resize(first - found.first);
    next = first;
    std::string bytes;
    for (std::size_t b = 0; b < file.blocks.size(); ++b) {
      const auto& block = file.blocks[b];
      if (!block && ends_at_a_hole()) break;
      if (!block) continue;
      ++used;
      bytes += block->body;
      if (block->ends_flush) b |= kAligned - 1;  // the rest is blank
    }
    std::size_t at = 0;
    while (bytes.size() - at >= kLength) {
      const std::uint64_t size = get(bytes, at, kLength);
      if (!is_whole(size, bytes.size() - at - kLength)) break;
      found.records.push_back(bytes.substr(at + kLength, size));
      at += std::min<std::uint64_t>(kLength + size, bytes.size() - at);
      ++next;
    }
  }
  found.dropped = scan.sound - used;
  if (next == 0) found.first = scan.base + 1;
}

Journal::Recovery Journal::recover(Disk& disk, std::uint64_t known) {
  *this = Journal(name_, segment_blocks_ * kBlock);
  Recovery found;
  Scan scan;
  for (const std::string& path : disk.list()) {
    const auto number = segment_of(path);
    if (!number) continue;
    const auto content = disk.read(path);
    if (!content) {
      open_ = false;
      return {.verdict = Verdict::kUnreadable, .damage = path + " cannot be read", .records = {}};
    }
    look_at(*number, *content, scan);
    segments_.push_back(scan.files.back().segment);
    last_number_ = *number;
  }
  read_records(scan, found);
  found.acknowledged = std::max(scan.mark, known);
  found.damage = std::move(scan.damage);
  if (found.damage.empty() && found.first > scan.base + 1) {
    found.damage = fmt::format("records {} to {} are missing", scan.base + 1, found.first - 1);
  }
  if (found.damage.empty() && found.last() < found.acknowledged) {
    found.damage = fmt::format("records {} to {} were acknowledged, and are missing",
                               found.last() + 1, found.acknowledged);
  }
  open_ = found.damage.empty();
  if (!open_) found.verdict = Verdict::kDamaged;
  appended_ = written_ = synced_ = found.last();
  acknowledged_ = std::min(scan.mark, found.last());
  base_ = durable_base_ = scan.base;
  const std::uint64_t unneeded =
      std::min<std::uint64_t>(found.records.size(), base_ + 1 - std::min(found.first, base_ + 1));
  found.records.erase(found.records.begin(),
                      found.records.begin() + static_cast<std::ptrdiff_t>(unneeded));
  found.first += unneeded;
  return found;
}

// --- writing

std::uint64_t Journal::append(std::string_view record) {
  SEEDBED_ASSERT(open_, "an append to the journal {}, which is damaged", name_);
  SEEDBED_ASSERT(record.size() < kLongestRecord, "a record of {} bytes", record.size());
  const std::size_t at = pending_.size();
  pending_.resize(at + kLength);
  put(pending_, at, record.size(), kLength);
  pending_ += record;
  return ++appended_;
}

void Journal::compact(std::uint64_t up_to) {
  base_ = std::max(base_, std::min(up_to, acknowledged_));
}

bool Journal::has_more_to_write() const {
  return !pending_.empty() || acknowledged_ < synced_ || durable_base_ < base_;
}

std::string Journal::blocks_of(std::string_view bytes, const Segment& at) const {
  constexpr std::size_t kBody = kBlock - kBodyAt;
  const std::size_t blocks = std::max<std::size_t>(1, (bytes.size() + kBody - 1) / kBody);
  std::string all;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::string_view body = bytes.substr(b * kBody, kBody);
    std::string block(kBodyAt, '\0');
    block += body;
    block.resize(kBlock, '\0');
    put(block, kUsedAt, body.size(), 2);
    put(block, kFlagsAt, b + 1 == blocks ? kEndsFlush : 0, 1);
    put(block, kMagicAt, kMagic, 1);
    put(block, kSegmentAt, at.number, 4);
    put(block, kNumberAt, at.blocks + b, 4);
    put(block, kNextAt, written_ + 1, 8);
    put(block, kMarkAt, synced_, 8);
    put(block, kBaseAt, base_, 8);
    put(block, kCrcAt, checksum(block), 4);
    all += block;
  }
  return all;
}

Journal::Flush Journal::flush(Disk& disk) {
  SEEDBED_ASSERT(open_, "a flush of the journal {}, which is damaged", name_);
  if (flight_ || !has_more_to_write()) return Flush::kNothing;
  const bool begins = fresh_ || segments_.back().blocks >= segment_blocks_;
  const Segment at = begins ? Segment{last_number_ + 1, written_ + 1, 0} : segments_.back();
  const std::string blocks = blocks_of(pending_, at);
  const std::string path = path_of(at.number);
  if (!disk.write(path, at.blocks * kBlock, blocks)) return Flush::kFull;
  if (begins) {
    segments_.push_back(at);
    last_number_ = at.number;
    fresh_ = false;
    names_changed_ = true;
  }
  const auto end = at.blocks + static_cast<std::uint32_t>(blocks.size() / kBlock);
  segments_.back().blocks = (end + kAligned - 1) / kAligned * kAligned;
  pending_.clear();
  written_ = appended_;
  flight_ = Flight{written_, synced_, base_};
  disk.sync(path);
  if (names_changed_) sync_names(disk);
  names_changed_ = false;
  return Flush::kWritten;
}

Journal::Flush Journal::synced(Disk& disk) {
  SEEDBED_ASSERT(flight_, "the journal {} waits for no sync", name_);
  synced_ = flight_->last;
  acknowledged_ = waits_for_its_mark() ? flight_->mark : flight_->last;
  durable_base_ = flight_->base;
  flight_.reset();
  drop_old_files(disk);
  return flush(disk);
}

/// Those whose records are not needed. Two files stay, so that no single write that goes astray
/// takes all that is known of what was dropped.
void Journal::drop_old_files(Disk& disk) {
  const auto is_begun = [](const Segment& s) { return s.first != 0; };
  while (!segments_.empty()) {
    const auto later = std::find_if(segments_.begin() + 1, segments_.end(), is_begun);
    if (later == segments_.end() || later->first > durable_base_ + 1) return;
    if (std::find_if(later + 1, segments_.end(), is_begun) == segments_.end()) return;
    disk.remove(path_of(segments_.front().number));
    segments_.erase(segments_.begin());
    names_changed_ = true;
  }
}

}  // namespace seedbed

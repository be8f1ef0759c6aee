#include "sim/world/file_store.h"

#include <algorithm>

#include "sim/base/rng.h"

namespace seedbed {

void FileStore::Change::apply(std::string& content) const {
  if (resizes) return content.resize(offset, '\0');
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

FileStore::Inode FileStore::open(std::string_view path) {
  const auto [name, created] = names_.try_emplace(std::string(path), last_inode_ + 1);
  if (created) {
    files_[++last_inode_];
    directory_changed();
  }
  return name->second;
}

void FileStore::change(Inode inode, Change change) {
  File& file = files_[inode];
  change.apply(file.content);
  file.unsynced.push_back(std::move(change));
}

void FileStore::rename(std::string_view from, std::string_view to) {
  const auto source = names_.find(from);
  const Inode inode = source->second;
  names_.erase(source);
  names_.insert_or_assign(std::string(to), inode);
  directory_changed();
}

void FileStore::remove(std::string_view path) {
  const auto name = names_.find(path);
  if (name == names_.end()) return;
  names_.erase(name);
  directory_changed();
}

// --- syncs

std::uint64_t FileStore::sync(Inode inode) {
  const File& file = files_[inode];
  sync_marks_.push(file.synced + file.unsynced.size());
  std::uint64_t bytes = 0;
  for (const Change& change : file.unsynced) bytes += change.bytes.size();
  return bytes;
}

void FileStore::sync_directory() { directory_marks_.push(synced_names_ + later_names_.size()); }

void FileStore::apply(Step step, std::uint64_t index) {
  if (step == Step::kPut) {
    const std::uint64_t mark = sync_marks_.pop();
    const auto found = files_.find(index);
    if (found == files_.end() || mark <= found->second.synced) return;
    File& file = found->second;
    const auto end = file.unsynced.begin() + static_cast<std::ptrdiff_t>(mark - file.synced);
    for (auto it = file.unsynced.begin(); it != end; ++it) it->apply(file.durable);
    file.unsynced.erase(file.unsynced.begin(), end);
    file.synced = mark;
    return;
  }
  const std::uint64_t mark = directory_marks_.pop();
  if (mark <= synced_names_) return;
  const auto end = later_names_.begin() + static_cast<std::ptrdiff_t>(mark - synced_names_);
  durable_names_ = *(end - 1);
  later_names_.erase(later_names_.begin(), end);
  synced_names_ = mark;
  drop_nameless();
}

/// One of the sectors that the sync writes keeps what it had; what it should have got is returned.
std::string FileStore::apply_astray(Step step, std::uint64_t index, std::uint64_t bits) {
  const auto found = files_.find(index);
  if (step != Step::kPut || found == files_.end()) return apply(step, index), std::string();
  const std::string& durable = found->second.durable;
  const std::string before = durable;
  apply(step, index);
  const auto part = [this](const std::string& content, std::uint64_t s) {
    return s * sector < content.size() ? content.substr(s * sector, sector) : std::string();
  };
  std::vector<std::uint64_t> written;
  for (std::uint64_t s = 0; s < sectors(durable.size()); ++s) {
    if (part(durable, s) != part(before, s)) written.push_back(s);
  }
  if (written.empty()) return {};
  const std::uint64_t s = written[scale(bits, written.size())];
  // Sectors are written whole, from what the process sees.
  const std::string lifted = part(found->second.content, s).substr(0, part(durable, s).size());
  std::string kept = part(before, s);
  kept.resize(part(durable, s).size(), '\0');
  found->second.durable.replace(s * sector, kept.size(), kept);
  return lifted;
}

bool FileStore::is_named(Inode inode) const {
  const auto has = [inode](const Directory& names) {
    return std::any_of(names.begin(), names.end(),
                       [inode](const auto& name) { return name.second == inode; });
  };
  return has(names_) || has(durable_names_) ||
         std::any_of(later_names_.begin(), later_names_.end(), has);
}

void FileStore::drop_nameless() {
  std::erase_if(files_, [this](const auto& file) { return !is_named(file.first); });
}

// --- crashes

void FileStore::tear(std::uint64_t bits) {
  const std::uint64_t names = scale(hash_of(bits, 0), later_names_.size() + 1);
  if (names != 0) durable_names_ = later_names_[names - 1];
  for (auto& [inode, file] : files_) {
    if (!file.unsynced.empty()) tear(file, hash_of(bits, inode));
  }
}

/// Each sector holds what it held after the first so many changes of the file, drawn; so does the
/// size.
void FileStore::tear(File& file, std::uint64_t bits) const {
  const std::uint64_t changes = file.unsynced.size();
  const std::uint64_t resized_by = scale(hash_of(bits, 0), changes + 1);
  std::string now = file.durable;
  std::string left = file.durable;
  std::uint64_t size = now.size();
  for (std::uint64_t k = 0; k < changes; ++k) {
    const Change& change = file.unsynced[k];
    const std::uint64_t before = now.size();
    change.apply(now);
    if (k < resized_by) size = now.size();
    const std::uint64_t longest = std::max<std::uint64_t>(before, now.size());
    left.resize(std::max<std::uint64_t>(left.size(), longest), '\0');
    const std::uint64_t begin = std::min(change.offset, before);
    const std::uint64_t end = change.resizes ? longest : change.offset + change.bytes.size();
    for (std::uint64_t s = begin / sector; s < sectors(end); ++s) {
      if (k >= scale(hash_of(bits, 1, s), changes + 1)) continue;
      std::string part = s * sector < now.size() ? now.substr(s * sector, sector) : "";
      part.resize(std::min<std::uint64_t>(sector, left.size() - s * sector), '\0');
      left.replace(s * sector, part.size(), part);
    }
  }
  left.resize(size, '\0');
  file.durable = std::move(left);
}

void FileStore::forget() {
  sync_marks_.clear();
  directory_marks_.clear();
  later_names_.clear();
  names_ = durable_names_;
  drop_nameless();
  for (auto& [inode, file] : files_) {
    file.synced += file.unsynced.size();
    file.unsynced.clear();
    file.content = file.durable;
  }
}

// --- damage

std::uint64_t FileStore::places() const {
  std::uint64_t places = 0;
  for (const auto& [inode, file] : files_) places += sectors(file.durable.size());
  return places;
}

FileStore::Place FileStore::find(std::uint64_t place) const {
  for (const auto& [inode, file] : files_) {
    if (place < sectors(file.durable.size())) return {inode, place};
    place -= sectors(file.durable.size());
  }
  return {};
}

/// Whoever reads it next sees it, unless it has been written since.
void FileStore::rot(std::uint64_t place, std::uint64_t bits) {
  const Place at = find(place);
  File& file = files_[at.inode];
  const std::uint64_t begin = at.sector * sector;
  const std::uint64_t byte =
      begin + scale(bits, std::min<std::uint64_t>(sector, file.durable.size() - begin));
  const char flipped = static_cast<char>(file.durable[byte] ^ (1 << (bits & 7)));
  if (byte < file.content.size() && file.content[byte] == file.durable[byte]) {
    file.content[byte] = flipped;
  }
  file.durable[byte] = flipped;
}

void FileStore::overwrite(std::uint64_t place, std::string_view bytes) {
  const Place at = find(place);
  std::string& durable = files_[at.inode].durable;
  const std::uint64_t begin = at.sector * sector;
  const std::uint64_t size = std::min<std::uint64_t>(bytes.size(), durable.size() - begin);
  durable.replace(begin, size, bytes.substr(0, size));
}

}  // namespace seedbed

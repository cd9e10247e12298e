import type { DownloadProgress } from 'mulligan/download';

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Writes bytes for people: `512 B`, `1.5 kB`, `64.0 MB`. */
export function sizeInWords(bytes: number): string {
  const power = Math.min(bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

/** Writes a time for people: `8 s`, `2:05`, `1:02:05`. */
export function timeInWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h === 0 ? `${m}:${two(s)}` : `${h}:${two(m)}:${two(s)}`;
}

/** Says how far a download is: `42 %, 27.0 MB of 64.0 MB, 10.2 MB/s, 4 s left`. */
export function progressInWords({ bytes, totalBytes, bytesPerSecond, remainingMs }: DownloadProgress): string {
  const known = totalBytes !== undefined && totalBytes > 0;
  const parts = known
    ? [`${Math.floor((100 * bytes) / totalBytes)} %`, `${sizeInWords(bytes)} of ${sizeInWords(totalBytes)}`]
    : [sizeInWords(bytes)];
  if (bytesPerSecond > 0) parts.push(`${sizeInWords(bytesPerSecond)}/s`);
  if (remainingMs !== undefined && bytes !== totalBytes) parts.push(`${timeInWords(remainingMs)} left`);
  return parts.join(', ');
}

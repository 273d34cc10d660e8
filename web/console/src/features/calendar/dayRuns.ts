/** Days (YYYY-MM-DD) as runs of consecutive ones: first and last of each. */
export function dayRuns(days: string[]): [string, string][] {
  const out: [string, string][] = []
  for (const day of [...days].sort()) {
    const last = out[out.length - 1]
    if (last && Date.parse(day) - Date.parse(last[1]) === 86_400_000) last[1] = day
    else out.push([day, day])
  }
  return out
}

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(__dirname, '..')
const components = (folder: string): string[] =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`
    return statSync(join(root, path)).isDirectory() ? components(path) : name.endsWith('.vue') ? [path] : []
  })
const source = (path: string) => readFileSync(join(root, path), 'utf8')
const all = [...components('console/src'), ...components('field/src')]

/** Forms on which nothing is typed that would be missed, each with the reason. */
const exempt: Record<string, string> = {
  'console/src/features/hall/EditionsPage.vue': 'a reason is given again',
  'console/src/features/council/ThresholdsPage.vue': 'computes, and changes nothing',
  'console/src/features/hall/TrialPanel.vue': 'asks, and changes nothing',
  'console/src/features/burden/ComparePanel.vue': 'asks, and changes nothing',
  'console/src/features/route/RouteTry.vue': 'asks, and changes nothing',
  'console/src/features/calendar/CalendarPage.vue': 'computes, and changes nothing',
  'console/src/features/casework/InboxFilters.vue': 'filters of a list',
  'console/src/features/audit/AuditPage.vue': 'filters of a list',
  'console/src/features/task/FiguresPage.vue': 'filters of a table',
  'console/src/features/admission/application/FiguresPage.vue': 'filters of a table',
  'console/src/features/access/AccountsPage.vue': 'search of a list',
  'console/src/features/people/PeoplePage.vue': 'search of a list',
  'console/src/kit/ListPage.vue': 'filters of a list',
  'console/src/kit/FieldControl.vue': 'one field of a form',
  'field/src/kit/FieldControl.vue': 'one field of a form',
  'console/src/features/registry/SplitParts.vue': 'part of the form of ChangeForm',
  'console/src/features/access/PostList.vue': 'two choices',
  'console/src/features/access/SignInForm.vue': 'a password is typed again',
  'console/src/features/access/SetUpPage.vue': 'there is no page to go to before it is sent',
  'console/src/features/people/MaskedValue.vue': 'a purpose is chosen again',
  'field/src/kit/SignInForm.vue': 'a password is typed again',
}

/** Guarded forms without a draft, each with the reason. */
const unkept: Record<string, string> = {
  'console/src/features/admission/EntryForm.vue': 'goes into the draft of the list, which is kept',
  'console/src/features/assessment/SlipsPage.vue': 'answers of a household, which are to be found nowhere by household',
  'console/src/features/access/AccountDrawer.vue': 'a password',
  'console/src/features/access/FactorPanel.vue': 'codes that are shown once',
  'console/src/features/access/GrantForm.vue': 'choices',
  'console/src/features/access/NewAccount.vue': 'a password',
  'console/src/features/access/TellPanel.vue': 'a one-time code',
  'console/src/features/casework/SavedViews.vue': 'one name',
  'console/src/features/hall/ItemSettings.vue': 'a number and a choice',
  'console/src/features/registry/ImportsPage.vue': 'files, which a page cannot keep',
  'console/src/features/registry/OutlinesForm.vue': 'a file, which a page cannot keep',
  'console/src/shell/PasswordDialog.vue': 'passwords',
}

describe('forms', () => {
  it('ask before what was typed is lost, or keep it on the device', () => {
    const forms = all.filter((path) => /@submit|native-type="submit"|type="textarea"|<textarea|ElMessageBox\.prompt/.test(source(path)))
    expect(forms.length).toBeGreaterThan(30)
    const unguarded = forms.filter((path) => !/useUnsaved\(|useKept\(|useRecordDialog\(|useRecordPage[<(]/.test(source(path)))
    expect(unguarded.sort()).toEqual(
      Object.keys(exempt)
        .filter((path) => forms.includes(path))
        .sort(),
    )
    expect(
      Object.keys(exempt).filter((path) => !unguarded.includes(path)),
      'exempt and guarded, or gone',
    ).toEqual([])
  })

  it('of the console keep a draft that outlives a crash of the tab', () => {
    const guarded = all.filter((path) => path.startsWith('console/') && /useUnsaved\(/.test(source(path)))
    expect(guarded.length).toBeGreaterThan(25)
    const undrafted = guarded.filter((path) => !/\bwrite: (\(|form\.write)/.test(source(path)))
    expect(undrafted.sort()).toEqual(Object.keys(unkept).sort())
    // What was put back is said, with a way to begin anew; a prompt shows it in its one field.
    const told = guarded.filter((path) => !undrafted.includes(path) && !/<DraftNotice v-if="restored"/.test(source(path)))
    expect(told.sort()).toEqual(['console/src/features/casework/RatingPanel.vue', 'console/src/features/registry/ImportQuestion.vue'])
  })

  it('over a record offer a draft that was begun from another version of it', () => {
    const versioned = all.filter((path) => /useUnsaved\(/.test(source(path)) && /\bversion: \(\) =>/.test(source(path)))
    expect(versioned.length).toBeGreaterThan(6)
    expect(versioned.filter((path) => !/<ConflictNotice[^/]*v-if="older"[\s\S]*?draft/.test(source(path)))).toEqual([])
    // A version in the name would lose it.
    expect(all.filter((path) => /name: `[^`]*version/.test(source(path).replace(/version: \(\)[^\n]*/g, '')))).toEqual([])
  })

  it('in a dialog or drawer ask at every way out of it', () => {
    const open = all.filter((path) => /useUnsaved\(/.test(source(path)) && /<el-(dialog|drawer)/.test(source(path)))
    expect(open.length).toBeGreaterThan(12)
    expect(open.filter((path) => !/:before-close="beforeClose"/.test(source(path)))).toEqual([])
    // A cancel that closes at once would pass the question by.
    expect(open.filter((path) => /@click="(open|saving|changing) = false"|@click="emit\('gone'\)"/.test(source(path)))).toEqual([])
  })

  it('over one record of a list stand in the dialog that asks, drafts and shows conflicts', () => {
    const pages = all.filter((path) => path.endsWith('.vue') && /useRecordDialog\(/.test(source(path)))
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.filter((path) => !/<RecordDialog [^>]*:dialog=/.test(source(path)))).toEqual([])
    const frame = source('console/src/kit/RecordDialog.vue')
    for (const part of ['<DraftNotice v-if="restored"', '<ConflictNotice v-if="conflict"', ':before-close="beforeClose"', '@click="leave"'])
      expect(frame).toContain(part)
  })

  it('of a page over one record stand below what the page says of drafts and conflicts', () => {
    const pages = all.filter((path) => /useRecordPage[<(]/.test(source(path)))
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.filter((path) => !/<RecordNotices :page=/.test(source(path)))).toEqual([])
  })

  it('that send a version go on from a conflict with what was typed', () => {
    const sends = all.filter((path) =>
      /[^.\w]version[,:]? ?\}|\bversion: (props|was|q|f)\b|\.version\b/.test(source(path).split('<template>')[0]!),
    )
    // Steps on many cases answer for each by itself; buttons without a form read the newest and are pressed again.
    // The form of the field app reads the newest itself, and keeps what was typed.
    const without = [
      'console/src/features/casework/BulkBar.vue',
      'console/src/features/access/PostList.vue',
      'field/src/pages/FormPage.vue',
    ]
    expect(sends.length).toBeGreaterThan(10)
    expect(
      sends.filter((path) => !/useVersioned\(|useOvertaken\(|useRecordPage[<(]/.test(source(path)) && !without.includes(path)),
    ).toEqual([])
  })
})

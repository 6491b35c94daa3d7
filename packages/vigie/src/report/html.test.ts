import { expect, test } from 'vitest'
import { html, name, raw, visible } from './html.ts'

test('text is escaped, in content and in attributes; markup, lists and null are not text', () => {
  const item = html`<i>${'<&>"\''}</i>`
  expect(html`<p title="${'"x'}">${[item, item]}${null}${7}</p>`.markup).toBe(
    '<p title="&quot;x"><i>&lt;&amp;&gt;&quot;&#39;</i><i>&lt;&amp;&gt;&quot;&#39;</i>7</p>',
  )
  expect(html`${raw('<b>')}`.markup).toBe('<b>')
})

test.each([
  ['a\u202eb', 'a\\u202eb'],
  ['a\nb\u0000', 'a\\u000ab\\u0000'],
  ['\u200b\ufeff\u00ad', '\\u200b\\ufeff\\u00ad'],
  ['\u{e0041}', '\\u{e0041}'],
  ['\ud800', '\\ud800'],
  ['h\u00e9 \u4e16 \u{1f600}', 'h\u00e9 \u4e16 \u{1f600}'],
])('%j is shown as %s', (text, shown) => {
  expect(visible(text)).toBe(shown)
})

test('a name keeps its own direction, breaks at its joints, and is said to be blank', () => {
  expect(name('view.a_b').markup).toBe('<bdi class="name">view.<wbr>a_<wbr>b</bdi>')
  expect(name('  ').markup).toContain('blank name, 2 characters')
})

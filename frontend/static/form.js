// The form of an agreement: what is typed is kept in this browser until it is saved, and Ctrl+Enter saves.
{
  const key = 'draft ' + location.pathname
  const form = () => document.getElementById('form')
  const typed = () => new URLSearchParams(new FormData(form())).toString()
  const bar = document.getElementById('unfinished')
  const store = (text) => { try { text ? localStorage.setItem(key, text) : localStorage.removeItem(key) } catch { /* none, or full */ } }
  const kept = (() => { try { return localStorage.getItem(key) } catch { return null } })()
  if (bar && kept && form().dataset.fresh !== undefined) bar.hidden = false

  let waits
  document.addEventListener('input', (event) => {
    if (event.target.form !== form()) return
    clearTimeout(waits)
    waits = setTimeout(() => {
      const restricted = form().elements.restricted?.checked // stays on the server
      store(restricted ? '' : typed())
      const said = document.getElementById('kept')
      if (said && !restricted) said.textContent = form().dataset.saved
    }, 800)
  })
  document.addEventListener('click', async (event) => {
    const what = event.target.dataset.draft
    if (!what) return
    if (what === 'discard') store('')
    bar.hidden = true
    if (what === 'discard') return
    const body = new URLSearchParams(kept)
    body.set('do', 'restore')
    const answer = await fetch(location.pathname, { method: 'POST', body })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('form')
    if (!page) return
    form().replaceWith(page)
    htmx.process(form())
    form().querySelector('textarea').focus()
  })
  // A button stays where it is while it is pressed: leaving a field would bring an answer that moves it.
  document.addEventListener('mousedown', (event) => { if (event.target.closest?.('#form button')) event.preventDefault() })
  // Of an exchange of notes each side's day is asked for.
  let kind = document.getElementById('kind').value
  document.addEventListener('change', (event) => {
    if (event.target.id !== 'kind') return
    if ([kind, event.target.value].includes('notes')) htmx.trigger(event.target, 'redraw')
    kind = event.target.value
  })
  // What each party did is asked in a chart of those that are named by now.
  document.addEventListener('toggle', (event) => {
    if (event.target.id !== 'fold-acts' || !event.target.open) return
    const named = [...form().elements].filter((field) => /^participations\[\d+\]\.party$/.test(field.name) && field.value).length
    if (named > form().querySelectorAll('.chart [role=group]').length) form().querySelector('[value="chart acts"]').click()
  }, true)
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !form()) return
    event.preventDefault()
    form().requestSubmit(form().querySelector('.ends [value=save]'))
  })
}

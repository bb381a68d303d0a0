// A press report beside the form that was filled from it: pointing at a passage marks its field and the other way round;
// Enter on a passage takes its value, Delete rejects it; selected words can be put into a field.
{
  const pane = document.getElementById('report')
  const text = pane.querySelector('.text')
  const said = document.getElementById('report-said')
  const fieldsOf = (mark) => mark.dataset.fields.split(' ').map((id) => document.getElementById(id)).filter(Boolean)
  const marksOf = (id) => [...text.querySelectorAll('.found')].filter((mark) => mark.dataset.fields.split(' ').includes(id))
  const put = (field, value) => {
    field.value = value
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.dispatchEvent(new Event('change', { bubbles: true }))
  }
  const clear = () => document.querySelectorAll('.pointed').forEach((element) => element.classList.remove('pointed'))
  const pointAtField = (mark, follow) => {
    clear()
    mark.classList.add('pointed')
    for (const field of fieldsOf(mark)) field.closest('.field')?.classList.add('pointed')
    if (follow) fieldsOf(mark)[0]?.closest('.field')?.scrollIntoView({ block: 'center' })
  }
  const pointAtText = (field) => {
    clear()
    const marks = marksOf(field.id)
    for (const mark of marks) mark.classList.add('pointed')
    if (!marks.length) return
    field.closest('.field').classList.add('pointed')
    text.scrollTop += marks[0].getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3
  }

  text.addEventListener('mouseover', (event) => { const mark = event.target.closest('.found'); if (mark) pointAtField(mark) })
  text.addEventListener('focusin', (event) => { const mark = event.target.closest('.found'); if (mark) pointAtField(mark, true) })
  text.addEventListener('click', (event) => {
    const mark = event.target.closest('.found')
    if (!mark) return
    event.preventDefault()
    if (getSelection().isCollapsed) fieldsOf(mark)[0]?.focus()
  })
  text.addEventListener('keydown', (event) => {
    const mark = event.target.closest('.found')
    if (!mark) return
    const fields = fieldsOf(mark)
    const next = () => {
      const all = [...text.querySelectorAll('.found')]
      all[all.indexOf(mark) + 1]?.focus()
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      mark.classList.remove('unsure', 'rejected')
      for (const field of fields.slice(0, 1)) {
        if (mark.dataset.was !== undefined) put(field, mark.dataset.was)
        field.closest('.field').querySelector('.read .unsure')?.classList.replace('unsure', 'sure')
      }
      said.textContent = pane.dataset.taken
      next()
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault()
      mark.classList.add('rejected')
      if (fields[0] && fields[0].tagName !== 'SELECT') {
        mark.dataset.was ??= fields[0].value
        put(fields[0], '')
      }
      said.textContent = pane.dataset.rejected
      next()
    }
  })
  document.addEventListener('focusin', (event) => { if (event.target.matches('#form input, #form select, #form textarea')) pointAtText(event.target) })
  document.addEventListener('mouseover', (event) => {
    const field = event.target.closest('#form .field')?.querySelector('input, select, textarea')
    if (field?.id && marksOf(field.id).length && !document.activeElement.matches('#form input, #form select, #form textarea')) pointAtText(field)
  })
  document.addEventListener('click', (event) => {
    const take = event.target.closest('[data-take]')
    if (take) put(document.getElementById(take.dataset.field), take.dataset.take)
  })

  // Selected words go into the field that is chosen.
  const chooser = document.createElement('select')
  chooser.className = 'chooser'
  chooser.hidden = true
  chooser.setAttribute('aria-label', pane.dataset.choose)
  pane.append(chooser)
  let words = ''
  const offer = () => {
    const selection = getSelection()
    words = selection.toString().trim().replace(/\s+/g, ' ')
    chooser.hidden = !words || !text.contains(selection.anchorNode)
    if (chooser.hidden) return
    chooser.replaceChildren(new Option(pane.dataset.choose + ' “' + (words.length > 40 ? words.slice(0, 39) + '…' : words) + '”', ''))
    for (const label of document.querySelectorAll('#form .field label[for]')) {
      const field = document.getElementById(label.htmlFor)
      if (!field || field.tagName === 'SELECT' || field.name === 'actor' || field.name === 'comment') continue
      const group = [...field.closest('form').querySelectorAll('[role=group][aria-label]')].filter((g) => g.contains(field)).map((g) => g.getAttribute('aria-label')).join(' · ')
      chooser.append(new Option((group ? group + ' · ' : '') + label.textContent, field.id))
    }
  }
  document.addEventListener('selectionchange', () => { if (document.activeElement !== chooser) offer() })
  chooser.addEventListener('change', () => {
    const field = document.getElementById(chooser.value)
    if (!field) return
    put(field, words)
    chooser.hidden = true
    field.focus()
  })
}

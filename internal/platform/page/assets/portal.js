// What a page does better with a script, and does without one too.
(function () {
  'use strict'

  // Photos that were picked are shown before they are sent.
  document.querySelectorAll('input[type=file][data-preview]').forEach(function (input) {
    var list = document.createElement('ul')
    list.className = 'photos'
    input.after(list)
    input.addEventListener('change', function () {
      list.replaceChildren()
      Array.from(input.files).forEach(function (file) {
        if (!file.type.startsWith('image/')) return
        var item = document.createElement('li')
        var image = document.createElement('img')
        image.src = URL.createObjectURL(file)
        image.alt = file.name
        image.onload = function () { URL.revokeObjectURL(image.src) }
        item.append(image)
        list.append(item)
      })
    })
  })

  // The place of this device fills the form's fields; the button stays hidden without that.
  document.querySelectorAll('[data-locate]').forEach(function (button) {
    if (!navigator.geolocation) return
    button.hidden = false
    var said = document.getElementById(button.dataset.locate)
    button.addEventListener('click', function () {
      said.textContent = button.dataset.wait
      navigator.geolocation.getCurrentPosition(function (p) {
        var form = button.form
        form.elements.lng.value = p.coords.longitude.toFixed(6)
        form.elements.lat.value = p.coords.latitude.toFixed(6)
        said.textContent = button.dataset.done
        var go = form.querySelector('[data-located]')
        if (go) form.requestSubmit(go)
      }, function () {
        said.textContent = button.dataset.failed
      }, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 })
    })
  })

  document.querySelectorAll('[data-print]').forEach(function (button) {
    button.hidden = false
    button.addEventListener('click', function () { window.print() })
  })

  // A form is sent once, however often its button is pressed.
  document.addEventListener('submit', function (event) {
    var form = event.target
    if (form.method !== 'post') return
    if (form.dataset.sent) { event.preventDefault(); return }
    form.dataset.sent = '1'
    window.addEventListener('pageshow', function () { delete form.dataset.sent })
  })

  // What went wrong is read first.
  var summary = document.querySelector('.refusal')
  if (summary) summary.focus()
})()

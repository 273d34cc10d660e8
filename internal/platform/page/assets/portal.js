// What a page does better with a script, and does without one too.
(function () {
  'use strict'

  var large = 8 << 20 // bytes

  function isHEIC(file) { return /^image\/hei[cf]/.test(file.type) || /\.(heic|heif)$/i.test(file.name) }

  // What the server can open: HEIC as JPEG where this browser opens it, large photos smaller.
  function readable(file) {
    var photo = /^image\/(jpeg|webp)$/.test(file.type)
    if (!isHEIC(file) && !(photo && file.size > large)) return Promise.resolve(file)
    return createImageBitmap(file).then(function (picture) {
      var scale = Math.min(1, 4096 / Math.max(picture.width, picture.height))
      var canvas = document.createElement('canvas')
      canvas.width = Math.round(picture.width * scale)
      canvas.height = Math.round(picture.height * scale)
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
      return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', 0.88) })
    }).then(function (blob) {
      return blob ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file
    }).catch(function () { return file })
  }

  // Photos are made readable while the rest of the form is filled in; sending waits for them.
  if (window.createImageBitmap && window.DataTransfer) {
    document.querySelectorAll('input[type=file][data-preview]').forEach(function (input) {
      var pending = null
      input.addEventListener('change', function () {
        var chosen = Array.from(input.files)
        var mine = pending = Promise.all(chosen.map(readable)).then(function (files) {
          if (mine !== pending) return
          pending = null
          if (files.every(function (file, i) { return file === chosen[i] })) return
          var list = new DataTransfer()
          files.forEach(function (file) { list.items.add(file) })
          input.files = list.files
        })
      })
      input.form.addEventListener('submit', function (event) {
        if (!pending) return
        var button = event.submitter
        event.preventDefault()
        event.stopPropagation() // it is not sent yet
        pending.then(function () { input.form.requestSubmit(button) })
      })
    })
  }

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

  // A field that a choice on the page decides comes and goes with it. What is hidden is not sent, and counts as no answer.
  var decided = Array.from(document.querySelectorAll('[data-when]'))
  function chosen(name) {
    return Array.from(document.querySelectorAll('[name="' + name + '"]')).filter(function (input) {
      return !input.disabled && input.value && (!/^(radio|checkbox)$/.test(input.type) || input.checked)
    }).map(function (input) { return input.value })
  }
  function decide() {
    decided.forEach(function (field) {
      var values = chosen(field.dataset.when)
      var not = field.dataset.not
      var list = (not || field.dataset.is).split(' ')
      var hit = values.some(function (v) { return list.includes(v) })
      field.hidden = !values.length || (not ? hit : !hit)
      field.querySelectorAll('input, select, textarea').forEach(function (input) { input.disabled = field.hidden })
    })
  }
  if (decided.length) {
    decided.forEach(function (field) { field.querySelector('[data-when-said]').hidden = true })
    document.addEventListener('change', decide)
    window.addEventListener('pageshow', decide) // the browser puts back what was chosen
    decide()
  }

  document.querySelectorAll('[data-print]').forEach(function (button) {
    button.hidden = false
    button.addEventListener('click', function () { window.print() })
  })

  // A page that turns by itself: the next one is asked for first, so that without signal this one stays.
  var turning = document.querySelector('[data-turn]')
  if (turning) {
    var turn = function () {
      fetch(turning.dataset.turnTo, { cache: 'no-store' }).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status)
        location.replace(turning.dataset.turnTo)
      }).catch(function () { setTimeout(turn, 15000) })
    }
    setTimeout(turn, turning.dataset.turn * 1000)
  }

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
